public import Domain

/// A provider's usage object in the ledger's disjoint classes, no token counted twice.
///
/// A member that is missing or `null` is not told, which is not 0. An object that contradicts itself, such as one with more
/// cached tokens than the prompt has, gives no usage at all and says why: the ledger then settles at what was reserved.
///
/// ```swift
/// let reading = UsageReading(parsing: bytes, as: .anthropic)
/// call.usage = reading.usage
/// call.usageSource = reading.source
/// call.rawUsage = reading.raw
/// ```
///
/// Tokens of images have one class for both directions. Searches that Anthropic bills by the request are `requests`.
public struct UsageReading: Sendable, Equatable {
  /// The classes that were told.
  public var usage: Usage
  /// `provider`, or `absent` where nothing was told or it was not believed.
  public var source: CompletionRecorded.UsageSource
  /// Why the object was not believed.
  public var fault: UsageFault?
  /// The object as it came, numbers beyond the ledger's integers as texts; nil where it cannot be recorded.
  public var raw: JSON?

  /// Nothing was told.
  public static let absent = UsageReading(usage: Usage(), source: .absent)

  /// Makes a reading.
  public init(
    usage: Usage, source: CompletionRecorded.UsageSource, fault: UsageFault? = nil, raw: JSON? = nil
  ) {
    self.usage = usage
    self.source = source
    self.fault = fault
    self.raw = raw
  }

  /// Reads a usage object.
  ///
  /// - Parameters:
  ///   - object: The provider's object; nil or `null` where there was none.
  ///   - dialect: Whose words it is in.
  public init(_ object: JSON?, as dialect: UsageDialect) {
    self = .absent
    guard let object, object != .null else { return }
    raw = Self.recordable(object)
    do {
      usage = try dialect.read(UsageObject(object))
      // Nothing told is nothing known.
      source = usage == Usage() ? .absent : .provider
    } catch {
      fault = error
    }
  }

  /// Reads the JSON text of a usage object, exactly: no number passes through floating point.
  public init(parsing text: [UInt8], as dialect: UsageDialect) {
    let limits = JSONLimits(depth: 16, bytes: Limits.usageBytes, isForeign: true)
    guard let object = try? JSON(parsing: text, limits: limits) else {
      self.init(usage: Usage(), source: .absent, fault: .notAnObject)
      return
    }
    self.init(object, as: dialect)
  }

  /// The object, where an event can hold it.
  private static func recordable(_ object: JSON) -> JSON? {
    guard case .object = object else { return nil }
    let limits = JSONLimits(depth: 8, bytes: Limits.rawUsageBytes)
    return (try? JSONDocument(object.canonical, limits: limits)) == nil ? nil : object
  }
}

extension UsageReading: CustomStringConvertible {
  /// Source and fault; the provider's own object is personal.
  public var description: String { "UsageReading(\(source.rawValue)\(fault.map { ", \($0.rawValue)" } ?? ""))" }
}

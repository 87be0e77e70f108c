/// A JSON value to build or keep; integers and strings only, as the ledger takes no floats.
public indirect enum JSON: Sendable, Equatable {
  /// `null`
  case null
  /// `true` or `false`
  case boolean(Bool)
  /// A whole number within ±(2^53-1).
  case integer(Int64)
  /// A text.
  case string(ExactText)
  /// Values in order.
  case array([JSON])
  /// Members by key; keys are compared as bytes.
  case object([ExactText: JSON])
}

extension JSON {
  /// Copies a scanned value.
  public init(_ view: JSONView) { fatalError("contract") }
  /// Parses a text under the strict rules.
  public init(parsing bytes: [UInt8], limits: JSONLimits = .init()) throws(JSONFaults) {
    self.init(try JSONDocument(bytes, limits: limits).root)
  }
  /// A text.
  public static func text(_ string: String) -> JSON { .string(ExactText(string)) }
  /// An object from members; nil values are left out.
  public static func object(_ members: KeyValuePairs<String, JSON?>) -> JSON {
    var object: [ExactText: JSON] = [:]
    for (key, value) in members { if let value { object[ExactText(key)] = value } }
    return .object(object)
  }
  /// The member with this key.
  public subscript(key: String) -> JSON? {
    get { if case .object(let members) = self { members[ExactText(key)] } else { nil } }
    set {
      guard case .object(var members) = self else { preconditionFailure("not an object") }
      members[ExactText(key)] = newValue
      self = .object(members)
    }
  }
  /// The text of a string.
  public var string: String? { if case .string(let text) = self { text.string } else { nil } }
  /// The value of an integer.
  public var integer: Int64? { if case .integer(let value) = self { value } else { nil } }
  /// The value of a boolean.
  public var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }
  /// The elements of an array.
  public var elements: [JSON]? { if case .array(let values) = self { values } else { nil } }
  /// The RFC 8785 form.
  public var canonical: [UInt8] { fatalError("contract") }
  /// Appends the RFC 8785 form.
  public func appendCanonical(to bytes: inout [UInt8]) { fatalError("contract") }
}

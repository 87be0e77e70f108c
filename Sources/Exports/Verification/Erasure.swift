public import Domain

/// A recorded erasure, as verifications of a log and of its exports tell it.
public struct Erasure: Sendable, Equatable {
  /// Position of the `payload.erased` event.
  public var position: Int64
  /// Who is accountable for it; where the event names nobody, the key that recorded it.
  public var owner: String
  /// Why; empty where the event does not say.
  public var reason: String
  /// On what legal basis, where it says.
  public var legalBasis: String?
  /// The positions that it names; only those in front of it can be erased.
  public var positions: [Int64]

  /// Most positions that a line for people lists.
  private static let listed = 12

  /// Reads an event's data and conclusions; what is missing is left out.
  public init(position: Int64, actor: String, data: JSON?, derived: JSON?) {
    self.position = position
    owner = derived?["owner"]?.string ?? data?["owner"]?.string ?? actor
    reason = data?["reason"]?.string ?? ""
    legalBasis = data?["legal_basis"]?.string
    positions = (data?["positions"]?.elements ?? []).compactMap(\.integer).filter { $0 > 0 && $0 < position }
  }

  /// What stands of its events in a report: `erased at position 57 by alice because …: 2 events (7, 9)`.
  ///
  /// - Parameter erased: the positions whose personal part is gone because of it.
  public static func line(_ erasure: Erasure, _ erased: [Int64]) -> String {
    let why = erasure.reason.isEmpty ? "" : " because \(erasure.reason)"
    let basis = erasure.legalBasis.map { " (\($0))" } ?? ""
    let some = erased.prefix(listed).map(String.init).joined(separator: ", ") + (erased.count > listed ? ", …" : "")
    let events = Count(erased.count, "event")
    return "erased at position \(erasure.position) by \(erasure.owner)\(why)\(basis): \(events) (\(some))"
  }
}

/// Erasures, and which of the events that they name were found erased.
public struct ErasureTally: Sendable, Equatable {
  /// An erasure and what was found of it.
  public struct Entry: Sendable, Equatable {
    /// The erasure.
    public var erasure: Erasure
    /// Positions whose personal part is gone, in order.
    public var erased: [Int64] = []
  }

  /// In the order of the log.
  public private(set) var entries: [Entry] = []
  /// Which erasure names a position: the first one that does.
  private var places: [Int64: Int] = [:]

  /// None.
  public init() {}

  /// Takes in an erasure.
  public mutating func add(_ erasure: Erasure) {
    for position in erasure.positions where places[position] == nil { places[position] = entries.count }
    entries.append(Entry(erasure: erasure))
  }

  /// True where an erasure names the position.
  public func names(_ position: Int64) -> Bool { places[position] != nil }

  /// The positions that erasures name, in no order.
  public var positions: some Collection<Int64> { places.keys }

  /// Notes that an event's personal part is gone; false where no erasure names it.
  public mutating func noteErased(_ position: Int64) -> Bool {
    guard let place = places[position] else { return false }
    entries[place].erased.append(position)
    return true
  }

  /// A line for people for each erasure of which something was found.
  public var lines: [String] {
    entries.filter { !$0.erased.isEmpty }.map { Erasure.line($0.erasure, $0.erased) }
  }

  /// The same for machines: `[{position, owner, reason, legal_basis?, events, positions}]`.
  public var json: JSON {
    .array(
      entries.filter { !$0.erased.isEmpty }.map { entry in
        .object([
          "position": .integer(entry.erasure.position), "owner": .text(entry.erasure.owner),
          "reason": .text(entry.erasure.reason), "legal_basis": entry.erasure.legalBasis.map { .text($0) },
          "events": .integer(Int64(entry.erased.count)),
          "positions": .array(entry.erased.prefix(ExportLimits.findings).map { .integer($0) }),
        ])
      })
  }
}

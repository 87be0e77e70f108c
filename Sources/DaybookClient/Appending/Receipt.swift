public import Domain

/// The ledger's word that an event is durable, and where it stands.
public struct Receipt: Sendable, Hashable {
  /// The event's id.
  public var id: String
  /// Its place in the ledger, from 1 without gaps.
  public var position: Int64
  /// Its place among the events of its subject, from 1.
  public var sequence: Int64
  /// When the ledger recorded it.
  public var recordedTime: Timestamp
  /// True where the ledger had it already; the other members are those of the first time.
  public var isDuplicate: Bool
}

/// The newest event of a ledger, and the root of the tree over all of them.
public struct LedgerHead: Sendable, Hashable {
  /// The last position; 0 where the ledger is empty.
  public var position: Int64
  /// The RFC 6962 root over the first `position` entries, as the ledger spells it; nil where it was not told.
  public var root: String?
}

/// The answer to an append.
public struct AppendResult: Sendable {
  /// One for each event, in their order.
  public var receipts: [Receipt]
  /// The ledger's head right after.
  public var head: LedgerHead
  /// How many requests it took; more than one after a failure that was repeated.
  public var attempts: Int
}

extension AppendResult {
  /// Reads `{ledger, events: […], head: {…}}`.
  init(_ answer: Answer) throws(DaybookError) {
    let root = try answer.json()
    guard let list = root["events"], list.kind == .array, let head = LedgerHead(root["head"]) else {
      throw DaybookError.malformed("the answer to an append has no events or no head")
    }
    self.head = head
    attempts = answer.attempts
    receipts = []
    let elements = list.elements
    receipts.reserveCapacity(elements.count)
    // The events of a batch share one time, so it is read once.
    var lastText = ""
    var lastTime = Timestamp(microseconds: 0)
    for element in elements {
      guard let id = element["id"]?.string, let position = element["position"]?.integer,
        let sequence = element["sequence"]?.integer, let text = element["recordedtime"]?.string,
        let isDuplicate = element["duplicate"]?.boolean
      else { throw DaybookError.malformed("a receipt lacks a member") }
      if text != lastText {
        guard let time = Timestamp(rfc3339: text) else {
          throw DaybookError.malformed("a receipt's recorded time is no time")
        }
        lastText = text
        lastTime = time
      }
      receipts.append(
        Receipt(
          id: id, position: position, sequence: sequence, recordedTime: lastTime, isDuplicate: isDuplicate))
    }
  }
}

extension LedgerHead {
  init?(_ view: JSONView?) {
    guard let position = view?["position"]?.integer else { return nil }
    self.init(position: position, root: view?["root"]?.string)
  }
}

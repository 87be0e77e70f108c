public import Domain

/// The answer to a command: the events that it caused, and whatever else the ledger said.
public struct CommandResult: Sendable {
  /// The events that the command caused, in order.
  public var receipts: [Receipt]
  /// The ledger's head right after.
  public var head: LedgerHead
  /// The whole answer, with members such as `approval` or, once, `secret`. It may hold a secret: never log it.
  public var json: JSON

  /// The approval that was asked for in the place of the command, where that needs a second human; the last grant makes it.
  public var requestedApproval: String? {
    guard json["outcome"]?.string == "approval_requested" else { return nil }
    return json["approval"]?["approval"]?.string ?? json["approval"]?.string
  }

  init(_ answer: Answer) throws(DaybookError) {
    let result = try AppendResult(answer)
    receipts = result.receipts
    head = result.head
    json = JSON(try answer.json())
  }
}

extension CommandResult: CustomStringConvertible, CustomReflectable {
  /// How many events and the head; never the answer itself.
  public var description: String { "CommandResult(\(receipts.count) events, head \(head.position))" }
  /// As `description`.
  public var customMirror: Mirror { Mirror(self, children: ["receipts": receipts, "head": head]) }
}

/// A list, and the position of the log that it reflects.
public struct Listing: Sendable {
  /// The position.
  public var position: Int64
  /// The elements, as the ledger describes them.
  public var rows: [JSON]

  init(_ answer: Answer, _ member: String) throws(DaybookError) {
    let root = try answer.json()
    guard let list = root[member], list.kind == .array else {
      throw DaybookError.malformed("the answer has no \(member)")
    }
    position = root["position"]?.integer ?? 0
    rows = list.elements.map { JSON($0) }
  }
}

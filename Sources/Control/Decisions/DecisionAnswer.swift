public import Domain

/// What a caller is told about its decision, read back from the decision's event: the first time and every other time.
public enum DecisionAnswer {
  /// The members of `derived` that the answer shows.
  private static let shown = [
    "outcome", "fallbacks", "reasons", "candidates", "rationale", "estimate", "reservations", "approval",
    "retry_after_ms", "price_ids", "relied_on", "rules_version",
  ]

  /// The members of `data` that it shows.
  private static let said = ["operation", "model", "provider"]

  /// The answer in RFC 8785 form; nil where the event is no decision of the ledger's.
  ///
  /// What was recorded is copied as it is scanned, as this is on the path of every decision.
  ///
  /// - Parameter isDuplicate: true where the decision was asked for before.
  public static func body(of event: RecordedEvent, isDuplicate: Bool) -> [UInt8]? {
    guard event.type == "route.decided" || event.type == "route.denied", event.typeVersion >= 2,
      let data = try? JSONDocument(event.data).root,
      let derived = event.derived.flatMap({ try? JSONDocument($0).root })
    else { return nil }
    var members: [(name: String, value: [UInt8])] = [
      ("ledger", JSON.text(event.ledger).canonical), ("id", JSON.text(event.id).canonical),
      ("position", JSON.integer(event.position).canonical), ("duplicate", JSON.boolean(isDuplicate).canonical),
      ("recordedtime", JSON.text(event.recordedAt.description).canonical),
    ]
    for name in said { if let value = data[name] { members.append((name, value.canonical)) } }
    for name in shown { if let value = derived[name] { members.append((name, value.canonical)) } }
    members.sort { $0.name < $1.name }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(event.data.count + (event.derived?.count ?? 0))
    for (index, member) in members.enumerated() {
      bytes += (index == 0 ? "{" : ",").utf8
      JSONWriter.appendString(member.name, to: &bytes)
      bytes += ":".utf8
      bytes += member.value
    }
    bytes += "}".utf8
    return bytes
  }
}

import Domain
import Log
import Postgres

/// `daybook replay control`.
enum ReplayControlCommand {
  static let description = CommandDescription(
    path: ["replay", "control"], summary: "Fold what the rules know from the log, up to a position or a time",
    discussion: """
      Routes, models, budgets with what they count, open reservations, approvals, kill switches, prices: everything that
      decisions are made by, folded from the log alone, with its fingerprint. At a position the fingerprint is the same on
      every machine. Reads the database itself, as the auditor's role; `--format json` prints the state too.
      """,
    options: [
      CommonOptions.ledger,
      .value("--at", "POINT", "A position, or a time as RFC 3339.", usual: "the head of the log"),
      .flag("--from-snapshot", "Start from the newest snapshot below: quicker, and as true as that snapshot is."),
      CommonOptions.format,
    ] + CommonOptions.database,
    examples: [
      ("daybook replay control --at 20000", "Its fingerprint at a position"),
      ("daybook replay control --at 2026-11-17T00:00:00Z --format json", "All that was known at a moment"),
    ]
  ) { invocation in
    let connection = try Connection(
      ConnectionSettings(
        url: try invocation.database(), role: "daybook_auditor", applicationName: "daybook replay control"))
    defer { connection.close() }
    connection.callTimeout = nil
    let replay = try ControlReplay.run(
      connection, ledger: invocation.ledger, at: try invocation.point("--at") ?? .head,
      fromSnapshot: invocation.has("--from-snapshot"))
    show(replay, invocation)
    return .done
  }

  private static func show(_ replay: ControlReplay, _ invocation: Invocation) {
    var members: [(String, JSON)] = [
      ("ledger", .text(replay.ledger)), ("position", .integer(replay.position)),
      ("rules_version", .integer(Int64(replay.rulesVersion))), ("form", .integer(replay.form)),
      ("sha256", .text(replay.digest)),
    ]
    if invocation.format == .json, let state = try? JSON(parsing: replay.state, limits: .wide) {
      members.append(("state", state))
    }
    let object = JSON.object(Dictionary(uniqueKeysWithValues: members.map { (ExactText($0.0), $0.1) }))
    guard let document = try? JSONDocument(object.canonical, limits: .wide) else { return }
    let columns = members.map { RowWriter.Column($0.0) }
    Console.write(
      Array(invocation.rows.text([document.root], columns: columns, whole: document.root).utf8))
  }
}

extension Invocation {
  /// A position or a time that an option gives.
  func point(_ option: String) throws(UsageError) -> ControlReplay.Point? {
    guard let text = self[option] else { return nil }
    if let position = Int64(text), position >= 0 { return .position(position) }
    if let moment = Timestamp(rfc3339: text) { return .moment(moment) }
    throw UsageError("\(option) takes a position or a time such as 2023-11-17T00:00:00Z", command)
  }
}

extension JSONLimits {
  /// For states, which grow with the ledger: as far as the scanner reaches.
  fileprivate static let wide = JSONLimits(depth: 64, bytes: 64 << 20, values: 32 << 20)
}

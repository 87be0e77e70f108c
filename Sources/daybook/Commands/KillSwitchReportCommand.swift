import Archive
import Domain
import Log
import Postgres

/// `daybook kill-switch report`.
enum KillSwitchReportCommand {
  static let description = CommandDescription(
    path: ["kill-switch", "report"], summary: "Prove from the log what happened after an activation",
    discussion: """
      Reads the database itself, as the auditor's role. For each activation: what the ledger decided to allow in its scope
      from that position on (nothing: anything there was written behind its back, and the exit code is 1), what it refused,
      which calls were in flight, and apart from these what services reported that decide by themselves, and completions
      that nobody is known to have decided. `daybook verify` tells whether the log itself can be trusted.
      """,
    options: [
      CommonOptions.ledger, .value("--scope", "SCOPE", "Only this scope, such as global or model/deepseek."),
      CommonOptions.format,
    ] + CommonOptions.database,
    examples: [
      ("daybook kill-switch report --scope global", "What the last stops of everything did"),
      ("daybook kill-switch report --format json", "All of it, every call named"),
    ]
  ) { invocation in
    let connection = try Connection(
      ConnectionSettings(
        url: try invocation.database(), role: "daybook_auditor", applicationName: "daybook kill-switch report"))
    defer { connection.close() }
    connection.callTimeout = nil
    let report = try KillSwitchReport.run(
      connection, ledger: invocation.ledger, scope: invocation["--scope"].map { ExactText($0) })
    try show(report, invocation)
    return report.holds ? .done : .failed
  }

  private static func show(_ report: KillSwitchReport, _ invocation: Invocation) throws {
    let document = try JSONDocument(report.json.canonical, limits: JSONLimits(bytes: 64 << 20)).root
    let activations = document["activations"]?.elements ?? []
    let columns: [RowWriter.Column] =
      [.init("scope"), .init("position"), .init("activated"), .init("ended at", at: ["ended_at"])]
      + lists.map { .init($0.heading, at: [$0.member, "count"]) }
    let text = invocation.rows.text(
      activations, columns: columns, whole: document, ifNone: "no kill switch was ever activated")
    Console.write(Array(text.utf8))
    guard invocation.format == .table else { return }
    for activation in activations {
      for list in lists where list.isShown {
        let calls = activation[list.member]?["calls"]?.elements ?? []
        if calls.isEmpty { continue }
        Console.print("\n\(activation["scope"]?.string ?? "") at \(Cell(activation["position"]).text): \(list.title)")
        Console.write(Array(invocation.rows.text(calls, columns: Self.columns).utf8))
      }
    }
    if !report.holds { Console.tell("the ledger's decisions after an activation were not made by the ledger") }
  }

  private static let columns = ["position", "recordedtime", "call", "operation", "model", "provider", "completed_at"]
    .map { RowWriter.Column($0) }

  /// The lists of an activation: member, heading of its count, and title where its calls are shown in the table.
  private static let lists: [(member: String, heading: String, title: String, isShown: Bool)] = [
    ("decided", "decided after", "DECIDED AFTER IT: violations", true),
    ("refused", "refused", "refused", false),
    ("in_flight", "in flight", "in flight, the latest first", true),
    ("decided_elsewhere", "decided elsewhere", "decided by services themselves", true),
    ("undecided", "undecided", "completed, decided by nobody who said so", true),
  ]
}

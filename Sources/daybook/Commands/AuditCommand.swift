import Archive
import Domain
import Log
import Postgres
import Service

/// `daybook audit`.
enum AuditCommand {
  static let decisions = CommandDescription(
    path: ["audit", "decisions"], summary: "Decide everything again, from the log alone",
    discussion: """
      Folds the log from nothing and makes every decision of the ledger again, in the state just before it, under the rules
      that it names. Whatever the rules would not have written is reported, and so are expiries and consequences that do not
      stand where they must. Reads the database itself, as the auditor's role. Exit code 1 with findings; `daybook verify`
      tells whether the log itself can be trusted.
      """,
    options: [
      CommonOptions.ledger,
      .value("--from", "POINT", "First position, or a time: what comes before is folded and not audited."),
      .value("--to", "POINT", "Last position, or a time.", usual: "the head of the log"),
      .flag("--from-snapshot", "Start from the newest snapshot below: quicker, and as true as that snapshot is."),
      CommonOptions.format,
    ] + CommonOptions.database,
    examples: [
      ("daybook audit decisions", "All of the ledger main"),
      ("daybook audit decisions --from 2026-11-01T00:00:00Z --format json", "Since a moment"),
    ]
  ) { invocation in
    let connection = try Connection(
      ConnectionSettings(
        url: try invocation.database(), role: "daybook_auditor", applicationName: "daybook audit decisions"))
    defer { connection.close() }
    connection.callTimeout = nil
    let reader = LogReader(connection, ledger: invocation.ledger)
    let from = try first(invocation, reader)
    let to = try invocation.point("--to")?.position(in: reader)
    let bar = ProgressBar("Auditing \(invocation.ledger)", environment: invocation.environment)
    let report: DecisionAuditReport
    do {
      defer { bar.finish() }
      report = try DecisionAudit.run(
        connection, ledger: invocation.ledger, from: from, to: to,
        fromSnapshot: invocation.has("--from-snapshot"), zones: ReportingZones.table
      ) { bar.update($0, of: $1) }
    }
    try show(report, invocation)
    return report.isClean ? .done : .failed
  }

  /// A time means the first position after those that were recorded by then.
  private static func first(_ invocation: Invocation, _ reader: LogReader) throws -> Int64 {
    guard let point = try invocation.point("--from") else { return 1 }
    let position = try point.position(in: reader)
    if case .moment = point { return position + 1 }
    return max(position, 1)
  }

  private static func show(_ report: DecisionAuditReport, _ invocation: Invocation) throws {
    let document = try JSONDocument(report.json.canonical).root
    let findings = document["findings"]?.elements ?? []
    if invocation.format == .table {
      Console.print(
        "positions \(report.from) to \(report.to): \(Count(report.decisions, "decision")), \(report.followUps) expiries "
          + "and consequences")
      if report.isClean {
        Console.print("Clean: each is what the rules make of what was known before it.")
        return
      }
      Console.print("NOT clean; first position: \(report.findings[0].position)")
    }
    let columns = ["position", "kind", "detail"].map { RowWriter.Column($0) }
    Console.write(Array(invocation.rows.text(findings, columns: columns, whole: document).utf8))
  }
}

import Archive
import Crypto
import Domain
import Postgres

/// `daybook verify`.
enum VerifyCommand {
  static func run(_ invocation: Invocation) throws -> ExitCode {
    let expectation = try expectation(invocation)
    let connection = try Connection(
      ConnectionSettings(url: try invocation.database(), role: "daybook_auditor", applicationName: "daybook verify"))
    defer { connection.close() }
    connection.callTimeout = nil
    let bar = ProgressBar("Verifying \(invocation.ledger)", environment: invocation.environment)
    let report: VerificationReport
    do {
      defer { bar.finish() }
      report = try Verification.run(connection, ledger: invocation.ledger, expectation: expectation) {
        bar.update($0, of: $1)
      }
    }
    try show(report, invocation)
    return report.isClean ? .done : .failed
  }

  private static func expectation(_ invocation: Invocation) throws(UsageError) -> Verification.Expectation? {
    let position = try invocation.integer("--position", in: 1...Int64.max)
    let root = invocation["--root"]
    guard let position, let root else {
      if position != nil || root != nil { throw UsageError("--position and --root go together", invocation.command) }
      return nil
    }
    guard let bytes = Hex.bytes(root), bytes.count == 32 else {
      throw UsageError("--root takes 64 hexadecimal digits", invocation.command)
    }
    return Verification.Expectation(position: position, root: bytes)
  }

  private static func show(_ report: VerificationReport, _ invocation: Invocation) throws {
    let findings = report.findings.map { finding in
      JSON.object([
        "position": .integer(finding.position), "kind": .text(finding.kind.rawValue), "detail": .text(finding.detail),
      ])
    }
    let whole = JSON.object([
      "ledger": .text(report.ledger), "events": .integer(report.events), "root": .text(Hex.string(report.root)),
      "erased": .integer(report.erased), "verified": .boolean(report.isClean), "findings": .array(findings),
    ])
    let document = try JSONDocument(whole.canonical).root
    let rows = document["findings"]?.elements ?? []
    if invocation.format == .table {
      let erased = report.erased > 0 ? ", \(report.erased) erased" : ""
      Console.print("\(report.events) events\(erased), root \(Hex.string(report.root))")
      if report.isClean {
        Console.print("Verified: every payload hash, entry and root is what the values give.")
        return
      }
      Console.print("NOT verified; first wrong position: \(report.findings[0].position)")
    }
    let columns = ["position", "kind", "detail"].map { RowWriter.Column($0) }
    Console.write(Array(invocation.rows.text(rows, columns: columns, whole: document).utf8))
  }
}

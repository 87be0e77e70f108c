import Archive
import Postgres

extension Bench {
  /// Is everything that was acknowledged in the log, once, without gaps, and does the log verify?
  func check() async throws -> Bool {
    say("Checking that everything is there")
    let connection = try deployment.connect()
    defer { connection.close() }
    let rows = try connection.execute(
      """
      SELECT
        count(*), max(position), count(*) FILTER (WHERE source = $1), count(*) FILTER (WHERE source = '/bench/wrk')
      FROM daybook.events
      WHERE ledger_id = 'main'
      """, [.text(Completions.source)])
    let (count, last, batched, singles) = (rows.int64(0, 0), rows.int64(0, 1), rows.int64(0, 2), rows.int64(0, 3))
    var findings: [String] = []
    if count != last { findings.append("\(count) events up to position \(last)") }
    if batched != appender.completions.made {
      findings.append("\(batched) of \(appender.completions.made) batched events")
    }
    // wrk ends without waiting for its last answers: those events are there too.
    if singles < acknowledgedSingles { findings.append("\(singles) of \(acknowledgedSingles) single events") }
    let verified = try Verification.run(connection, ledger: "main")
    if !verified.isClean { findings.append("daybook verify: \(verified.findings[0].detail)") }
    let wholeness =
      findings.isEmpty
      ? "all \(count) events are there, gapless, and verify" : "NOT WHOLE: \(findings.joined(separator: "; "))"
    report.note("Check: \(wholeness). Load of the machine at the end: \(ProcessUse.load).")
    return findings.isEmpty
  }
}

import Archive
import Foundation
import Glibc
import Integrity
import Log
import Postgres

extension Bench {
  /// How fast a whole log is verified from its database: by one connection, and by one for each core; beside it, what merely
  /// fetching the same rows takes.
  func measureVerify(_ events: Int64) throws {
    say("Verification of \(events) events")
    // As autovacuum leaves a log that is not a minute old: who reads a row first notes on its page that it is committed, and the
    // page goes into Postgres's own log.
    let connection = try deployment.connect()
    try connection.execute("VACUUM ANALYZE daybook.events", isPrepared: false)
    connection.close()
    let cores = RangedReading.workersForAllCores
    var rates: [Double] = []
    for round in 0..<min(settings.rounds, 3) {
      let (rate, processor) = try verified(workers: cores)
      rates.append(rate)
      if round == 0 {
        let alone = try verified(workers: 1)
        let fetched = try fetched()
        report.note(
          "Verify takes \(Report.text(processor)) µs of our processor time an event, Postgres's not counted; with one "
            + "connection \(Int(alone.rate))/s; fetching alone, one connection, \(Int(fetched))/s.")
      }
    }
    report.add(
      Report.Row(
        measure: "verify of a log, \(events) events", ours: "\(Int(rates.median)) events/s", against: "asked for",
        value: rates.median, unit: "/s", reach: 150_000, aim: 300_000, sense: .floor, rounds: rates))
  }

  private func verified(workers: Int) throws -> (rate: Double, processor: Double) {
    let connection = try deployment.connect()
    defer { connection.close() }
    var options = VerificationOptions()
    options.reading = RangedReading(deployment.connectionSettings, workers: workers)
    let (before, started) = (Self.processorSeconds, ContinuousClock.now)
    let report = try Verification.run(connection, ledger: "main", options: options)
    let seconds = (ContinuousClock.now - started).inSeconds
    guard report.isClean else { throw MeasureError("the log does not verify: \(report.findings[0].detail)") }
    let count = Double(report.events)
    return (count / seconds, (Self.processorSeconds - before) / count * 1e6)
  }

  private func fetched() throws -> Double {
    let connection = try deployment.connect()
    defer { connection.close() }
    let started = ContinuousClock.now
    var count = 0
    try connection.stream(
      "SELECT \(EventColumns.list) FROM daybook.events e WHERE e.ledger_id = 'main' ORDER BY e.position", chunk: 2000
    ) { rows in
      count += rows.count
      return true
    }
    return Double(count) / (ContinuousClock.now - started).inSeconds
  }

  private static var processorSeconds: Double {
    var use = rusage()
    getrusage(RUSAGE_SELF.rawValue, &use)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(use.ru_utime) + seconds(use.ru_stime)
  }
}

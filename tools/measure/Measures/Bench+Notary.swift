import DaybookClient
import Domain
import Postgres

extension Bench {
  /// What signing costs appends: the same batches with the notary running and without it, round by round.
  func measureSealing() async throws {
    say("Appends with the notary and without it")
    deployment.notary.start()
    try await untilSigned()
    var (with, without, ratios): ([Double], [Double], [Double]) = ([], [], [])
    for _ in 0..<settings.rounds {
      deployment.notary.start()
      try await untilSigned()
      let signed = try await appender.append(settings.roundEvents)
      with.append(Double(signed.last - signed.first + 1) / signed.seconds)
      try await untilSigned()
      await deployment.notary.stop()
      let unsigned = try await appender.append(settings.roundEvents)
      without.append(Double(unsigned.last - unsigned.first + 1) / unsigned.seconds)
      ratios.append(with[with.count - 1] / without[without.count - 1])
    }
    report.add(
      Report.Row(
        measure: "batches while the log is signed", ours: "\(Int(with.median)) events/s",
        against: "unsigned \(Int(without.median)) events/s", value: ratios.median, unit: "", reach: 0.95, aim: 0.98,
        sense: .floor, rounds: ratios))
  }

  /// p99 of inclusion proofs of random events, over HTTP.
  func measureProofs() async throws {
    deployment.notary.start()
    let size = try await untilSigned()
    say("Inclusion proofs in a log of \(size) events")
    var times: [Double] = []
    for number in 0..<(settings.questions + 40) {
      let position = String(Int64.random(in: 1...size))
      let started = ContinuousClock.now
      _ = try await appender.client.send("GET", "proofs/inclusion", query: [(name: "position", value: position)])
      // The first few make plans and connections.
      if number >= 40 { times.append((ContinuousClock.now - started).inSeconds * 1000) }
    }
    await deployment.notary.stop()
    report.add(
      Report.Row(
        measure: "inclusion proof p99, \(size) events", ours: "p50 \(Report.text(times.median)) ms", against: "",
        value: times.percentile(0.99), unit: " ms", reach: 5, aim: 2, sense: .ceiling, rounds: []))
  }

  /// Waits until a checkpoint covers the head; answers its size.
  @discardableResult
  private func untilSigned() async throws -> Int64 {
    let connection = try deployment.connect()
    defer { connection.close() }
    let deadline = ContinuousClock.now + .seconds(600)
    while ContinuousClock.now < deadline {
      let rows = try connection.execute(
        """
        SELECT (SELECT max(position) FROM daybook.events WHERE ledger_id = 'main'),
          coalesce((SELECT max(position) FROM daybook.checkpoints WHERE ledger_id = 'main'), 0)
        """)
      if rows.int64(0, 0) == rows.int64(0, 1) { return rows.int64(0, 1) }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw MeasureError("the notary does not sign up to the head")
  }
}

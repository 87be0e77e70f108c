import DaybookClient
import Domain
import Postgres

extension Bench {
  /// What signing costs appends: the same batches while the notary signs and while it stands still, in turns.
  ///
  /// A round is short and there are many: what else the machine does within seconds is more than what is looked for. Beside the
  /// ratio stands the processor time of both, which other work changes little.
  func measureSealing() async throws {
    say("Appends with the notary and without it")
    deployment.notary.start()
    defer { deployment.notary.resume() }
    var (with, without) = (AppendRounds(), AppendRounds())
    var ratios: [Double] = []
    for round in 0..<4 * settings.rounds {
      // The first of a pair has colder caches: it is the other one each time.
      for isSigned in round % 2 == 0 ? [true, false] : [false, true] {
        deployment.notary.resume()
        try await untilSigned()
        if !isSigned { deployment.notary.pause() }
        if isSigned { try await with.add(self, signing: true) } else { try await without.add(self, signing: false) }
      }
      ratios.append(with.rates[round] / without.rates[round])
    }
    deployment.notary.resume()
    await deployment.notary.stop()
    report.add(
      Report.Row(
        measure: "batches while the log is signed", ours: "\(Int(with.rates.median)) events/s",
        against: "unsigned \(Int(without.rates.median)) events/s", value: ratios.median, unit: "", reach: 0.95,
        aim: 0.98, sense: .floor, rounds: ratios))
    report.note(
      "Processor time per event of a batch, µs: signed, \(with.use.signedText); unsigned, \(without.use.signedText).")
  }

  /// p99 of inclusion proofs of random events over HTTP, one after the other over one connection; in turns with it, what this
  /// machine takes for a request that reads nothing.
  func measureProofs(of ledger: String) async throws {
    deployment.notary.start()
    let size = try await untilSigned(ledger)
    await deployment.notary.stop()
    // The books' backlog would take the processor that the questions need.
    try await untilPosted(size, of: ledger)
    say("Inclusion proofs in a log of \(size) events")
    let wrk = Wrk(deployment: deployment)
    func proofs(_ seconds: Int) throws -> Wrk.Answer {
      try wrk.get("v1/ledgers/\(ledger)/proofs/inclusion", seconds: seconds, positionUpTo: size)
    }
    _ = try proofs(1)
    var (ours, bare): ([Wrk.Answer], [Wrk.Answer]) = ([], [])
    for _ in 0..<settings.rounds {
      ours.append(try proofs(settings.singleSeconds))
      bare.append(try wrk.get("healthz", seconds: settings.singleSeconds))
    }
    let tails = ours.map { $0.p99 / 1000 }
    func text(_ answers: [Wrk.Answer]) -> String {
      let (p50, p99) = (answers.map(\.p50).median / 1000, answers.map(\.p99).median / 1000)
      return "p50 \(Report.text(p50)) ms, p99 \(Report.text(p99)) ms"
    }
    report.add(
      Report.Row(
        measure: "inclusion proof p99, \(size) events", ours: text(ours), against: "GET /healthz \(text(bare))",
        value: tails.median, unit: " ms", reach: 5, aim: 2, sense: .ceiling, rounds: tails))
  }

  /// Waits until a checkpoint covers the head; answers its size.
  @discardableResult
  fileprivate func untilSigned(_ ledger: String = "main") async throws -> Int64 {
    let connection = try deployment.connect()
    defer { connection.close() }
    let deadline = ContinuousClock.now + .seconds(600)
    while ContinuousClock.now < deadline {
      let rows = try connection.execute(
        """
        SELECT (SELECT max(position) FROM daybook.events WHERE ledger_id = $1),
          coalesce((SELECT max(position) FROM daybook.checkpoints WHERE ledger_id = $1), 0)
        """, [.text(ledger)])
      if rows.int64(0, 0) == rows.int64(0, 1) { return rows.int64(0, 1) }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw MeasureError("the notary does not sign up to the head")
  }
}

/// Rounds of batches, signed or not.
private struct AppendRounds {
  var rates: [Double] = []
  var use = AppendUse()

  mutating func add(_ bench: Bench, signing: Bool) async throws {
    let before = try AppendUse.now(bench.deployment)
    let (seconds, first, last) = try await bench.appender.append(bench.settings.roundEvents / 2)
    // What is signed later was appended here, too.
    if signing { try await bench.untilSigned() }
    use.add(try AppendUse.now(bench.deployment), since: before)
    use.events += Double(last - first + 1)
    rates.append(Double(last - first + 1) / seconds)
  }
}

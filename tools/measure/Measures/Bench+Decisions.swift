import Archive
import Domain
import Postgres
import Service

extension Bench {
  /// Decisions that reserve on a user's budget, every one durable, while ten thousand users' budgets are in play; against
  /// single appends of the same run.
  func measureDecisions(against inserting: Pgbench) async throws {
    say("Decisions: a ledger with 3,000 priced models and a budget for each user, and one without any control")
    let (deciding, plain) = ("deciding", "plain")
    try await ControlPlane(deployment).open(deciding, controlled: true)
    try await ControlPlane(deployment).open(plain, controlled: false)
    let wrk = Wrk(deployment: deployment)
    // Each of the ten thousand users has decided once when it counts.
    let warm = try wrk.decide(connections: 64, seconds: 2 * settings.singleSeconds, run: "warm", ledger: deciding)
    if warm.acknowledged < 10_000 { report.note("Only \(warm.acknowledged) users' budgets are in play.") }
    decided += warm.acknowledged
    _ = try wrk.append(connections: 64, seconds: settings.singleSeconds, run: "warm", ledger: plain)
    // First, while the reservations last: nobody settles them, and from the fifth minute on the ledger would write their
    // expiries beside the appends.
    try await measureControlled(wrk, deciding, plain)
    try measureFlatOut(wrk, deciding, plain)
    try measureAlone(wrk, deciding, plain)
    try measurePaced(wrk, deciding, inserting)
    try await measureKillSwitch()
    try await checkDecisions(deciding)
  }

  private func measureFlatOut(_ wrk: Wrk, _ deciding: String, _ plain: String) throws {
    say("Decisions, 64 connections, against single appends")
    var (ours, theirs): ([Double], [Double]) = ([], [])
    var use = AppendUse()
    for round in 0..<settings.rounds {
      let before = try AppendUse.now(deployment, ledger: deciding)
      let answer = try wrk.decide(
        connections: 64, seconds: settings.singleSeconds, run: "flat-\(round)", ledger: deciding)
      use.add(try AppendUse.now(deployment, ledger: deciding), since: before)
      use.events += Double(answer.acknowledged)
      decided += answer.acknowledged
      ours.append(answer.rate)
      theirs.append(
        try wrk.append(connections: 64, seconds: settings.singleSeconds, run: "flat-\(round)", ledger: plain).rate)
    }
    let ratios = zip(ours, theirs).map { $0 / $1 }
    report.add(
      Report.Row(
        measure: "decisions, 64 connections", ours: "\(Int(ours.median))/s",
        against: "single appends \(Int(theirs.median))/s", value: ratios.median, unit: "", reach: 0.5, aim: 0.8,
        sense: .floor, rounds: ratios))
    report.note(use.decisionsText)
  }

  private func measureAlone(_ wrk: Wrk, _ deciding: String, _ plain: String) throws {
    say("Decisions, one connection, against single appends")
    var (ours, theirs): ([Double], [Double]) = ([], [])
    for round in 0..<settings.rounds {
      let answer = try wrk.decide(
        connections: 1, seconds: settings.singleSeconds, run: "alone-\(round)", ledger: deciding)
      decided += answer.acknowledged
      ours.append(answer.p50)
      theirs.append(
        try wrk.append(connections: 1, seconds: settings.singleSeconds, run: "alone-\(round)", ledger: plain).p50)
    }
    let times = zip(ours, theirs).map { $0 / $1 }
    report.add(
      Report.Row(
        measure: "decision, one connection, p50", ours: "\(Int(ours.median)) µs",
        against: "single append \(Int(theirs.median)) µs", value: times.median, unit: " ×", reach: 1.5, aim: 1.2,
        sense: .ceiling, rounds: times))
  }

  private func measurePaced(_ wrk: Wrk, _ deciding: String, _ inserting: Pgbench) throws {
    say("Decisions at \(Settings.decisionPace)/s, against pgbench")
    // As in a deployment that has run for longer than a quarter of an hour: Postgres uses its log's files again then, and does
    // not write sixteen megabytes of zeros into a new one every few seconds, which holds every commit up for some 30 ms.
    let connection = try deployment.connect()
    defer { connection.close() }
    _ = try connection.execute("CHECKPOINT")
    var (tails, rates, bare): ([Double], [Double], [Double]) = ([], [], [])
    for round in 0..<settings.rounds {
      let answer = try wrk.decide(
        connections: 64, seconds: 2 * settings.singleSeconds, run: "paced-\(round)", ledger: deciding,
        pace: Settings.decisionPace)
      decided += answer.acknowledged
      rates.append(answer.rate)
      tails.append(answer.p99 / 1000)
      bare.append(
        try inserting.insertTail(clients: 64, seconds: 2 * settings.singleSeconds, pace: Settings.decisionPace) / 1000
      )
    }
    report.add(
      Report.Row(
        measure: "decisions at \(Settings.decisionPace)/s, p99", ours: "\(Report.text(tails.median)) ms",
        against: "at \(Int(rates.median))/s", value: tails.median, unit: " ms", reach: 5, aim: 3, sense: .ceiling,
        rounds: tails))
    // What the machine leaves of the time above: bare Postgres, at the same pace, in turns.
    let ratios = zip(tails, bare).map { $0 / $1 }
    report.add(
      Report.Row(
        measure: "the same against bare INSERTs", ours: "\(Report.text(tails.median)) ms",
        against: "pgbench p99 \(Report.text(bare.median)) ms", value: ratios.median, unit: " ×", reach: 3, aim: 1.5,
        sense: .ceiling, rounds: ratios))
  }

  /// What the control plane costs plain appends: the same load on both ledgers, in turns.
  private func measureControlled(_ wrk: Wrk, _ deciding: String, _ plain: String) async throws {
    say("Plain appends with and without the control plane")
    var (with, without): ([Double], [Double]) = ([], [])
    var (useWith, useWithout) = (AppendUse(), AppendUse())
    func appends(_ ledger: String, _ round: Int, _ use: inout AppendUse) throws -> Double {
      let before = try AppendUse.now(deployment, ledger: ledger)
      let answer = try wrk.append(
        connections: 64, seconds: settings.singleSeconds, run: "controlled-\(round)", ledger: ledger)
      use.add(try AppendUse.now(deployment, ledger: ledger), since: before)
      use.events += Double(answer.acknowledged)
      return answer.rate
    }
    for round in 0..<settings.rounds {
      with.append(try appends(deciding, round, &useWith))
      without.append(try appends(plain, round, &useWithout))
    }
    add("single appends, budgets in play", with, without)
    report.note(
      "Processor time of the api + Postgres per append, µs: \(useWith.pairText) with budgets, \(useWithout.pairText) without."
    )
    (with, without, useWith, useWithout) = ([], [], AppendUse(), AppendUse())
    let appenders = try (
      Appender(client: deployment.client(ledger: deciding), completions: Completions()),
      Appender(client: deployment.client(ledger: plain), completions: Completions())
    )
    func batches(_ appender: Appender, _ ledger: String, _ use: inout AppendUse) async throws -> Double {
      let events = Double(settings.roundEvents / Settings.batch * Settings.batch)
      let before = try AppendUse.now(deployment, ledger: ledger)
      let seconds = try await appender.append(settings.roundEvents).seconds
      use.add(try AppendUse.now(deployment, ledger: ledger), since: before)
      use.events += events
      return events / seconds
    }
    for _ in 0..<settings.rounds {
      with.append(try await batches(appenders.0, deciding, &useWith))
      without.append(try await batches(appenders.1, plain, &useWithout))
    }
    add("batches of 500, budgets in play", with, without)
    report.note(
      "Processor time of the api + Postgres per event of a batch, µs: \(useWith.pairText) with budgets, \(useWithout.pairText) without."
    )
  }

  private func add(_ measure: String, _ with: [Double], _ without: [Double]) {
    let ratios = zip(with, without).map { $0 / $1 }
    report.add(
      Report.Row(
        measure: measure, ours: "\(Int(with.median))/s", against: "without \(Int(without.median))/s",
        value: ratios.median, unit: "", reach: 0.9, aim: 0.97, sense: .floor, rounds: ratios))
  }

  /// Is every decision that was answered in the log, and one that the rules make?
  private func checkDecisions(_ ledger: String) async throws {
    let connection = try deployment.connect()
    defer { connection.close() }
    let rows = try connection.execute(
      "SELECT count(*) FROM daybook.events WHERE ledger_id = $1 AND type = 'route.decided'", [.text(ledger)])
    let started = ContinuousClock.now
    let audit = try DecisionAudit.run(connection, ledger: ledger, zones: ReportingZones.table)
    let seconds = (ContinuousClock.now - started).inSeconds
    let isWhole = rows.int64(0, 0) >= decided && audit.isClean
    if !isWhole { decisionsAreWhole = false }
    report.note(
      "Decisions: \(isWhole ? "all" : "NOT ALL") of \(decided) are there and decided alike when decided again "
        + "(\(Int(Double(audit.decisions) / seconds))/s)"
        + (audit.findings.first.map { ": \($0.detail) at \($0.position)" } ?? "."))
  }
}

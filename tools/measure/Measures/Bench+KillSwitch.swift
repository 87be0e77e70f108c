import DaybookClient

extension Bench {
  /// How long after somebody asked for it a guard in another process refuses, while decisions go on.
  func measureKillSwitch() async throws {
    let ledger = "deciding"
    say("Kill switches until a guard refuses, at \(Settings.decisionPace) decisions/s")
    let client = try deployment.client(ledger: ledger)
    let guardian = KillSwitchGuard(client)
    guardian.start()
    defer { guardian.close() }
    guard await guardian.waitUntilKnown() else { throw MeasureError("the guard knows nothing") }
    let wrk = Wrk(deployment: deployment)
    let seconds = 2 * settings.singleSeconds
    let load = Task.detached {
      try wrk.decide(connections: 64, seconds: seconds, run: "guarded", ledger: ledger, pace: Settings.decisionPace)
    }
    try await Task.sleep(for: .milliseconds(500))
    var delays: [Double] = []
    let end = ContinuousClock.now + .seconds(seconds - 1)
    while ContinuousClock.now < end {
      let team = "stopped-\(delays.count)"
      let asked = ContinuousClock.now
      async let answer = client.activateKillSwitch("team/\(team)", reason: "measured")
      while guardian.check(CallFacts(team: team)).mayProceed { try await Task.sleep(for: .milliseconds(1)) }
      delays.append((ContinuousClock.now - asked).inSeconds * 1000)
      _ = try await answer
      try await Task.sleep(for: .milliseconds(20))
    }
    decided += try await load.value.acknowledged
    report.add(
      Report.Row(
        measure: "kill switch until a guard refuses, p99", ours: "p50 \(Report.text(delays.median)) ms",
        against: "\(delays.count) switches", value: delays.percentile(0.99), unit: " ms", reach: 100, aim: 50,
        sense: .ceiling, rounds: []))
  }
}

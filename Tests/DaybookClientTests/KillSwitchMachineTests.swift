import Testing

@testable import DaybookClient

@Suite
struct KillSwitchMachineTests {
  let start = ContinuousClock.now
  let facts = CallFacts(operation: "chat", model: "m", provider: "p", user: "u", team: "t")

  private func at(_ milliseconds: Int) -> ContinuousClock.Instant { start + .milliseconds(milliseconds) }

  private func state(_ position: Int64, _ active: [ActiveKillSwitch] = []) -> KillSwitchMessage {
    message("state", #"{"position":\#(position),"active":[]}"#, active)
  }

  private func beat(_ position: Int64, age: Int = 0) -> KillSwitchMessage {
    message("heartbeat", #"{"position":\#(position),"age_ms":\#(age)}"#, nil)
  }

  /// Reads a message as it comes from the ledger, and then sets the switches.
  private func message(_ name: String, _ data: String, _ active: [ActiveKillSwitch]?) -> KillSwitchMessage {
    guard var message = try? KillSwitchMessage(ServerSentEvent(name: name, data: Array(data.utf8))) else {
      preconditionFailure("a message of this test")
    }
    message.active = active
    return message
  }

  @Test("What the ledger says about the age of its reading counts")
  func serverAge() {
    var machine = connected()
    #expect(machine.receives(beat(6, age: 300), at: at(200)) == .proceed)
    #expect(machine.check(facts, at: at(900)).mayProceed)
    #expect(!machine.check(facts, at: at(901)).mayProceed)
  }

  private func connected() -> KillSwitchMachine {
    var machine = KillSwitchMachine(maximumAge: .seconds(1))
    machine.connects(at: at(0))
    #expect(machine.receives(state(5), at: at(100)) == .proceed)
    return machine
  }

  @Test("Before the first state, calls are refused")
  func beginning() {
    var machine = KillSwitchMachine(maximumAge: .seconds(1))
    #expect(machine.check(facts, at: at(0)) == .unknown(.notConnected))
    machine.connects(at: at(0))
    #expect(machine.check(facts, at: at(1)) == .unknown(.notConnected))
    #expect(machine.receives(beat(5), at: at(2)) == .reconnect)
    #expect(!machine.check(facts, at: at(3)).mayProceed)
  }

  @Test("The first state counts from when it was asked for, later ones from when they came")
  func ageing() {
    var machine = connected()
    #expect(machine.check(facts, at: at(1000)) == .allowed(position: 5))
    #expect(machine.check(facts, at: at(1001)) == .unknown(.tooOld(age: .milliseconds(1001))))
    #expect(machine.receives(beat(7), at: at(400)) == .proceed)
    #expect(machine.check(facts, at: at(1400)) == .allowed(position: 7))
    #expect(!machine.check(facts, at: at(1401)).mayProceed)
  }

  @Test("News that comes after a silence longer than the allowed age is not believed: it may have been buffered")
  func buffered() {
    var machine = connected()
    #expect(machine.receives(beat(6), at: at(1101)) == .reconnect)
    #expect(!machine.check(facts, at: at(1101)).mayProceed)
    #expect(machine.receives(state(6), at: at(1102)) == .reconnect)
    #expect(!machine.check(facts, at: at(1102)).mayProceed)
    machine.connects(at: at(1200))
    #expect(machine.receives(state(6), at: at(2201)) == .reconnect)
    #expect(!machine.check(facts, at: at(2201)).mayProceed)
  }

  @Test("A ledger that goes back behind what it had shown is not believed")
  func goingBack() {
    var machine = connected()
    #expect(machine.receives(beat(4), at: at(200)) == .reconnect)
    #expect(machine.check(facts, at: at(200)) == .unknown(.wentBack))
    machine.connects(at: at(300))
    #expect(machine.receives(state(4), at: at(310)) == .reconnect)
    #expect(!machine.check(facts, at: at(310)).mayProceed)
  }

  @Test("A refused feed refuses calls at once; a lost one lets the state age")
  func disconnecting() {
    var lost = connected()
    lost.disconnects(isRefused: false)
    #expect(lost.check(facts, at: at(900)).mayProceed)
    #expect(!lost.check(facts, at: at(1001)).mayProceed)
    var refused = connected()
    refused.disconnects(isRefused: true)
    #expect(refused.check(facts, at: at(101)) == .unknown(.refused))
  }

  @Test(
    "A switch stops what its scope names, byte by byte, and nothing else",
    arguments: [
      ("global", true), ("operation/chat", true), ("model/m", true), ("provider/p", true), ("user/u", true),
      ("team/t", true), ("operation/cha", false), ("operation/chatter", false), ("model/p", false), ("chat", false),
      ("Global", false), ("user/u\u{308}", false),
    ])
  func scopes(_ scope: String, _ isStopped: Bool) {
    var machine = KillSwitchMachine(maximumAge: .seconds(1))
    machine.connects(at: at(0))
    _ = machine.receives(state(5, [ActiveKillSwitch(scope: scope, reason: "r", position: 3)]), at: at(1))
    let verdict = machine.check(facts, at: at(2))
    #expect(verdict == (isStopped ? .stopped(scope: scope, reason: "r", position: 3) : .allowed(position: 5)))
    // What was stopped stays stopped when the news grow old.
    #expect(!machine.check(facts, at: at(5000)).mayProceed)
  }

  @Test("Texts that differ only in normalisation are different scopes")
  func normalisation() {
    #expect(!CallFacts(user: "\u{E9}").isStopped(by: "user/e\u{301}"))
    #expect(CallFacts(user: "\u{E9}").isStopped(by: "user/\u{E9}"))
  }
}

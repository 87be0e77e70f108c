import Control
import Domain
import Testing

@Suite("A session")
struct SessionTests {
  private func ledger() throws -> RoutingLedger {
    var ledger = try RoutingLedger()
    try ledger.route("op", ["m1"])
    try ledger.decide(["session": .text("s")])
    try ledger.route("op", ["m2"])
    return ledger
  }

  @Test("stays with the first model it was allowed, though another serves it meanwhile")
  func pinned() throws {
    var ledger = try ledger()
    #expect(try ledger.decide(["session": .text("s")]).candidates == ["m1 session chosen", "m2 primary fallback"])
    #expect(try ledger.decide(["session": .text("other")]).model == "m2")
    #expect(try ledger.decide(["session": .text("s"), "model": .text("m3")]).model == "m3")
    try ledger.stop("model/m1")
    #expect(try ledger.decide(["session": .text("s")]).model == "m2")
    try ledger.ledger.run(
      .deactivateKillSwitch(scope: "model/m1", reason: "r", triggeredBy: "api"), by: .key("ann"))
    #expect(try ledger.decide(["session": .text("s")]).model == "m1")
  }

  @Test("is free again once it was idle for 24 hours of recorded time, and not before")
  func idle() throws {
    var ledger = try ledger()
    let day: Int64 = 86_400
    ledger.now = ledger.now.advanced(bySeconds: day - 1)
    #expect(try ledger.decide(["session": .text("s")]).model == "m1")
    ledger.now = ledger.now.advanced(bySeconds: day - 1)
    // A denial keeps nobody awake.
    #expect(try ledger.decide(["session": .text("s"), "operation": .text("none")]).outcome == "denied")
    ledger.now = ledger.now.advanced(bySeconds: 1)
    #expect(try ledger.decide(["session": .text("s")]).model == "m2")
    #expect(try ledger.decide(["session": .text("s")]).candidates.count == 1)
  }

  @Test("is forgotten when it is idle, so that the state does not grow with the log")
  func forgotten() throws {
    var ledger = try ledger()
    for number in 0..<50 {
      ledger.now = ledger.now.advanced(bySeconds: 3_600)
      try ledger.decide(["session": .text("s\(number)")])
    }
    let snapshot = try JSON(parsing: ledger.state.snapshot())
    #expect(snapshot["routing"]?["sessions"]?["pins"]?.elements?.count == 24)
  }
}

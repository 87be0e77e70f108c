import Control
import Domain
import Testing

@Suite("A model that keeps failing")
struct CoolDownTests {
  private func ledger() throws -> RoutingLedger {
    var ledger = try RoutingLedger()
    try ledger.policy([
      "cool_down": .object(["failures": .integer(3), "window_s": .integer(60), "duration_s": .integer(30)])
    ])
    return ledger
  }

  private func coolDowns(_ ledger: RoutingLedger) -> Int {
    ledger.ledger.log.count { $0.type == "model.cooled_down" }
  }

  @Test("is left alone after so many failures in a row, and comes back by itself")
  func cools() throws {
    var ledger = try ledger()
    try ledger.model("m1", ["aliases": .array([.text("other")])])
    for (name, status) in [("m1", "error"), ("other", "absorbed"), ("m1", "aborted"), ("m1", "error")] {
      #expect(ledger.state.coolsUntil("m1", at: ledger.now) == nil)
      ledger.complete(name, status)
    }
    let until = ledger.now.advanced(bySeconds: 30)
    #expect(ledger.state.coolsUntil("m1", at: ledger.now) == until)
    let event = try #require(ledger.ledger.log.last)
    #expect(event.type == "model.cooled_down" && event.actorKind == .system)
    #expect(event.data["until"]?.string == until.description && event.data["failures"]?.integer == 3)
    // What fails meanwhile prolongs nothing.
    for _ in 0..<5 { ledger.complete("m1", "error") }
    #expect(coolDowns(ledger) == 1 && ledger.state.coolsUntil("m1", at: until) == nil)
    ledger.now = until
    for _ in 0..<3 { ledger.complete("m1", "error") }
    #expect(coolDowns(ledger) == 2 && ledger.ledger.log.last?.sequence == 2)
  }

  @Test("is not left alone where it succeeds in between, fails seldom, or is not known")
  func doesNotCool() throws {
    var ledger = try ledger()
    for status in ["error", "error", "ok", "error", "error"] { ledger.complete("m1", status) }
    for _ in 0..<4 {
      ledger.complete("m2", "error")
      ledger.now = ledger.now.advanced(bySeconds: 30)
    }
    for _ in 0..<5 {
      ledger.complete("unknown", "error")
      // What failed long ago and is told now says nothing about now.
      ledger.complete("m3", "error", agoInSeconds: 60)
    }
    #expect(coolDowns(ledger) == 0)
    try ledger.policyWithoutCoolDown()
    for _ in 0..<9 { ledger.complete("m1", "error") }
    #expect(coolDowns(ledger) == 0)
  }
}

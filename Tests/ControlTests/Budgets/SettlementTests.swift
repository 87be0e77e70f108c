import Domain
import Testing

@testable import Control

@Suite("A reservation")
struct SettlementTests {
  private func ledger() -> SpendLedger {
    var ledger = SpendLedger()
    ledger.limit("all", "ledger", "10")
    ledger.limit("each", "user/*", "5")
    return ledger
  }

  @Test("is held from the decision on and ends with the actual cost, on the decision's own counters")
  func settles() {
    var ledger = ledger()
    #expect(ledger.decide("c1", .call(user: "t-eve"), .usd("2")).hasRoom)
    #expect(ledger.shown("all") == "0 2 0 0")
    #expect(ledger.shown("each", "t-eve") == "0 2 0 0")
    // The completion names nobody: the decision knows who it was for.
    #expect(ledger.complete("c1", tokens: 30)?.settlement == .settled)
    #expect(ledger.shown("all") == "0.3 0 0 0")
    #expect(ledger.shown("each", "t-eve") == "0.3 0 0 0")
  }

  @Test("that was too small is overrun: booked and shown, and left falls below zero")
  func overruns() {
    var ledger = ledger()
    ledger.decide("c1", .call(), .usd("2"))
    ledger.complete("c1", tokens: 1_200)
    #expect(ledger.shown("all") == "12 0 10 0")
    #expect(ledger.counter("all")?.left == Amount("-2"))
    #expect(ledger.decide("c2", .call(), .usd("0")).code != nil)
  }

  @Test(
    "is kept by an absorbed attempt, whose cost is booked once, and ends with the attempt that worked, booked once")
  func absorbs() {
    var ledger = ledger()
    ledger.decide("c1", .call(), .usd("2"), fallbacks: [(.call("b"), .usd("3"))])
    #expect(ledger.shown("all") == "0 3 0 0")
    #expect(ledger.complete("c1", tokens: 10, status: "absorbed")?.settlement == .kept)
    #expect(ledger.shown("all") == "0.1 3 0 0.1")
    #expect(ledger.complete("c1", model: "b", tokens: 50)?.settlement == .settled)
    #expect(ledger.shown("all") == "1.6 0 0 0.1")
    #expect(ledger.counter("all")?.calls == 2)
  }

  @Test(
    "stands where the call was unmetered, unpriced or told of nothing but zeros",
    arguments: [
      ("a", nil), ("a", 0), ("unknown", 40),
    ] as [(String, Int64?)])
  func assumes(model: String, tokens: Int64?) {
    var ledger = ledger()
    ledger.decide("c1", .call(model), .usd("2"))
    let effect = ledger.complete("c1", model: model, tokens: tokens)
    #expect(effect?.charges.allSatisfy { $0.basis == .assumed } == true)
    #expect(ledger.shown("all") == "2 0 0 0")
  }

  @Test("ends at the reported cost where no price is known")
  func reports() {
    var ledger = ledger()
    ledger.decide("c1", .call("unknown"), .usd("2"))
    ledger.complete(
      "c1", model: "unknown", tokens: nil, members: ["reported_cost": Money(Amount("0.7")!, .usd).json])
    #expect(ledger.shown("all") == "0.7 0 0 0")
  }

  @Test("is never settled below by an agent, and above by whoever spent more")
  func agents() {
    var ledger = ledger()
    let agent = Principal.key("svc", .agent)
    ledger.decide("c1", .call(), .usd("2"), by: agent)
    ledger.complete("c1", tokens: 1, by: agent)
    #expect(ledger.shown("all") == "2 0 0 0")
    ledger.decide("c2", .call(), .usd("2"), by: agent)
    ledger.complete("c2", tokens: 300, by: agent)
    #expect(ledger.shown("all") == "5 0 1 0")
  }

  @Test("is settled by nobody but the owner who asked; what others report is booked beside it")
  func foreigners() {
    var ledger = ledger()
    ledger.decide("c1", .call(), .usd("2"))
    #expect(ledger.complete("c1", tokens: 30, by: .key("other", .service))?.settlement == .foreign)
    #expect(ledger.shown("all") == "0.3 2 0 0.3")
    // Another key of the same owner does.
    #expect(ledger.complete("c1", tokens: 30, by: .key("svc", .service, 2))?.settlement == .settled)
    #expect(ledger.shown("all") == "0.6 0 0 0.3")
  }

  @Test("expires after fifteen minutes, and a completion that comes late is booked in the decision's window")
  func expires() {
    var ledger = ledger()
    ledger.now = Timestamp(rfc3339: "2026-03-01T23:50:00Z")!
    let decided = ledger.now
    ledger.decide("c1", .call(), .usd("2"))
    ledger.advance(seconds: 899)
    ledger.expire()
    #expect(ledger.events("reservation.expired").isEmpty)
    ledger.advance(seconds: 1)
    ledger.expire()
    #expect(ledger.events("reservation.expired").map(\.subject) == ["reservation/c1"])
    #expect(ledger.shown("all", at: decided) == "0 0 0 0")
    #expect(ledger.complete("c1", tokens: 30)?.settlement == .late)
    #expect(ledger.shown("all", at: decided) == "0.3 0 0 0.3")
    #expect(ledger.shown("all") == "0 0 0 0")
  }

  @Test("that expired is booked as it was held where a late completion says nothing of its cost")
  func lateAssumption() {
    var ledger = ledger()
    ledger.decide("c1", .call(), .usd("2"))
    ledger.advance(seconds: 900)
    ledger.complete("c1", tokens: nil)
    #expect(ledger.shown("all") == "2 0 0 2")
  }

  @Test("is remembered for a day after it expired; what comes later counts by its own time")
  func forgets() {
    var ledger = ledger()
    ledger.limit("ever", "ledger", "100", window: "total")
    ledger.decide("c1", .call(), .usd("2"))
    ledger.advance(seconds: 900 + 86_401)
    #expect(ledger.complete("c1", tokens: 30)?.settlement == nil)
    #expect(ledger.shown("all") == "0.3 0 0 0.3")
    #expect(ledger.shown("ever") == "0.3 0 0 0.3")
  }

  @Test("that a settlement reaches in the moment of its expiry has expired first, and ends once")
  func races() {
    var ledger = ledger()
    ledger.decide("c1", .call(), .usd("2"))
    ledger.decide("c2", .call(), .usd("2"))
    ledger.advance(seconds: 899)
    #expect(ledger.complete("c1", tokens: 10)?.settlement == .settled)
    ledger.advance(seconds: 1)
    #expect(ledger.complete("c2", tokens: 10)?.settlement == .late)
    #expect(ledger.events("reservation.expired").map(\.subject) == ["reservation/c2"])
    #expect(ledger.shown("all") == "0.2 0 0 0.1")
  }

  @Test("is not freed by a reversal, nor does a backdated time move what is booked")
  func staysBooked() {
    var ledger = ledger()
    ledger.decide("c1", .call(), .usd("2"))
    ledger.complete("c1", tokens: 30, time: Timestamp(rfc3339: "2025-01-01T00:00:00Z"))
    #expect(ledger.shown("all") == "0.3 0 0 0")
    let entry = AppliedEvent(
      position: ledger.state.position + 1, type: "entry.reversed", typeVersion: 1,
      subject: "entry/\(ledger.state.position)", sequence: 1, occurredAt: ledger.now, recordedAt: ledger.now,
      actor: "k",
      actorKind: .human, data: .object(["reverses": .integer(ledger.state.position)]),
      derived: .object(["reversed": ledger.log[ledger.log.count - 1].derived!]))
    ledger.state.apply(entry)
    ledger.state.merge()
    #expect(ledger.shown("all") == "0.3 0 0 0")
  }

  @Test("on the model that did not serve is given back, and the one that served pays")
  func servedModel() {
    var ledger = SpendLedger()
    ledger.limit("model", "model/*", "5")
    ledger.decide("c1", .call("a"), .usd("1"), fallbacks: [(.call("b"), .usd("2"))])
    #expect(ledger.shown("model", "a") == "0 1 0 0")
    #expect(ledger.shown("model", "b") == "0 2 0 0")
    ledger.complete("c1", model: "b", tokens: 10)
    #expect(ledger.shown("model", "a") == "0 0 0 0")
    #expect(ledger.shown("model", "b") == "0.3 0 0 0")
    // One that nobody decided pays without a reservation.
    ledger.decide("c2", .call("a"), .usd("1"))
    ledger.complete("c2", model: "b", tokens: 10)
    #expect(ledger.shown("model", "a") == "0 0 0 0")
    #expect(ledger.shown("model", "b") == "0.6 0 0 0.3")
  }

  @Test("is told from a completion without a decision, which counts when it is recorded")
  func undecided() {
    var ledger = ledger()
    let effect = ledger.complete("c9", tokens: 30, user: "eve")
    #expect(effect?.settlement == nil)
    #expect(ledger.shown("all") == "0.3 0 0 0.3")
    #expect(ledger.shown("each", "t-eve") == "0.3 0 0 0.3")
    ledger.complete("c10", model: "unknown", tokens: 30)
    #expect(ledger.counter("all")?.unknownCalls == 1)
  }
}

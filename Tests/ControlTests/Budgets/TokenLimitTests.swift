import Domain
import Testing

@testable import Control

@Suite("A limit of tokens a minute")
struct TokenLimitTests {
  private func ledger(_ scope: String, _ tokens: Int64, hard: Bool = true) -> SpendLedger {
    var ledger = SpendLedger()
    ledger.configure(
      "tpm",
      .object([
        "kind": .text("tokens_per_minute"), "scope": .text(scope), "tokens": .integer(tokens),
        "hard": .boolean(hard),
      ]))
    return ledger
  }

  @Test("says to the millisecond when to come back, and there is room then and not before")
  func comesBack() throws {
    var ledger = ledger("operation/chat", 8_000)
    ledger.advance(seconds: 15)
    #expect(ledger.decide("c1", .call(), .usd("0", tokens: 6_000)).hasRoom)
    let refused = ledger.decide("c2", .call(), .usd("0", tokens: 3_000))
    // The minute of the first call must be over by a sixth: 45 s and 10 s.
    #expect(refused.code == "rate_limited 55000")
    ledger.now = ledger.now.advanced(byMicroseconds: 55_000_000 - 1_000)
    #expect(ledger.decide("c3", .call(), .usd("0", tokens: 3_000)).code == "rate_limited 1")
    ledger.now = ledger.now.advanced(byMicroseconds: 1_000)
    #expect(ledger.decide("c4", .call(), .usd("0", tokens: 3_000)).hasRoom)
  }

  @Test("counts each user alone, warns where it is soft, and refuses for good what is above it")
  func kinds() {
    var each = ledger("user/*", 100)
    #expect(each.decide("c1", .call(user: "t-a"), .usd("0", tokens: 100)).hasRoom)
    #expect(each.decide("c2", .call(user: "t-b"), .usd("0", tokens: 100)).hasRoom)
    #expect(each.decide("c3", .call(user: "t-a"), .usd("0", tokens: 1)).code?.hasPrefix("rate_limited ") == true)
    #expect(each.decide("c4", .call(user: "t-c"), .usd("0", tokens: 101)).code == "rate_limited")
    #expect(each.decide("c5", .call(), .usd("0", tokens: 101)).hasRoom)

    var soft = ledger("operation/chat", 10, hard: false)
    #expect(soft.decide("c1", .call(), .usd("0", tokens: 11)) == .room(warnings: ["rate_limited:tpm"]))
  }

  @Test("counts what a completion used beyond its estimate, and what nobody decided")
  func completions() {
    var ledger = ledger("operation/chat", 100)
    ledger.decide("c1", .call(), .usd("0", tokens: 30))
    ledger.complete("c1", tokens: 20)
    #expect(ledger.counter("tpm", "chat")?.tokens == 30)
    ledger.decide("c2", .call(), .usd("0", tokens: 30))
    ledger.complete("c2", tokens: 35)
    #expect(ledger.counter("tpm", "chat")?.tokens == 65)
    ledger.complete("c3", tokens: 35)
    #expect(ledger.counter("tpm", "chat")?.tokens == 100)
    ledger.advance(seconds: 90)
    #expect(ledger.counter("tpm", "chat")?.tokens == 50)
    ledger.advance(seconds: 30)
    #expect(ledger.counter("tpm", "chat")?.tokens == 0)
  }

  @Test(
    "never lets more through in any minute of the clock than twice, and on average never more than once",
    arguments: 1...20)
  func bounds(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var ledger = ledger("operation/chat", 1_000)
    var allowed: [(at: Timestamp, tokens: Int64)] = []
    for call in 0..<300 {
      ledger.now = ledger.now.advanced(byMicroseconds: Int64.random(in: 0...1_500_000, using: &random))
      let tokens = Int64.random(in: 1...400, using: &random)
      if ledger.decide("c\(call)", .call(), .usd("0", tokens: tokens)).hasRoom {
        allowed.append((ledger.now, tokens))
      }
    }
    for (at, _) in allowed {
      let minute = allowed.filter { $0.at <= at && $0.at > at.advanced(bySeconds: -60) }.reduce(0) { $0 + $1.tokens }
      #expect(minute <= 2_000)
    }
    let whole = Double(ledger.now.microseconds(since: TestLedger.start)) / 60e6 + 1
    #expect(Double(allowed.reduce(0) { $0 + $1.tokens }) <= 1_000 * whole.rounded(.up))
  }
}

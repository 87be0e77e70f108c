import Domain
import Testing

@testable import Service

@Suite("Recorded refusals")
struct RefusalBudgetTests {
  private func at(_ seconds: Int64) -> Timestamp { Timestamp(microseconds: seconds * 1_000_000) }

  @Test("are sixty a key and minute; the next record carries the count of the others")
  func budget() {
    var budget = RefusalBudget()
    for _ in 0..<60 { #expect(budget.take(key: "a", now: at(0)) == .record(suppressed: 0)) }
    for _ in 0..<7 { #expect(budget.take(key: "a", now: at(59)) == .count) }
    #expect(budget.take(key: "b", now: at(59)) == .record(suppressed: 0))
    #expect(budget.take(key: "a", now: at(60)) == .record(suppressed: 7))
    #expect(budget.take(key: "a", now: at(61)) == .record(suppressed: 0))
  }

  @Test("that could not be written are counted again")
  func restored() {
    var budget = RefusalBudget()
    #expect(budget.take(key: "a", now: at(0)) == .record(suppressed: 0))
    budget.restore(key: "a", suppressed: 0)
    #expect(budget.take(key: "a", now: at(1)) == .record(suppressed: 1))
  }
}

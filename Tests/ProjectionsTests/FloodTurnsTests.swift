import Dispatch
import Glibc
import Synchronization
import Testing

@testable import Projections

@Suite("Turns in a flood")
struct FloodTurnsTests {
  /// How many are inside, and the most that were.
  private final class Inside: Sendable {
    private let counts = Mutex((now: 0, most: 0))
    var most: Int { counts.withLock { $0.most } }

    func pass() {
      counts.withLock { ($0.now, $0.most) = ($0.now + 1, max($0.most, $0.now + 1)) }
      sched_yield()
      counts.withLock { $0.now -= 1 }
    }
  }

  @Test("so many post at a time, each when its turn has come")
  func turns() {
    let turns = FloodTurns(1, patience: .seconds(60))
    let inside = Inside()
    DispatchQueue.concurrentPerform(iterations: 2_000) { _ in turns.during(true) { inside.pass() } }
    #expect(inside.most == 1)
  }

  @Test("who waited long goes on, and without a flood nobody waits")
  func patience() {
    let turns = FloodTurns(1, patience: .milliseconds(1))
    let inner = turns.during(true) { turns.during(true) { "posted" } }
    #expect(inner == "posted")
    let calm = FloodTurns(1, patience: .never)
    #expect(calm.during(true) { calm.during(false) { "posted" } } == "posted")
  }
}

import Lifecycle
import Testing

@Suite struct RestartPolicyTests {
  @Test func waitsDoubleUpToTheLongestAndThenItGivesUp() {
    var policy = RestartPolicy(
      quickDeath: .seconds(10), firstWait: .seconds(1), longestWait: .seconds(5), quickDeathLimit: 6)
    let decisions = (0..<6).map { _ in policy.died(after: .seconds(9)) }
    #expect(
      decisions == [
        .restart(after: .seconds(1)), .restart(after: .seconds(2)), .restart(after: .seconds(4)),
        .restart(after: .seconds(5)), .restart(after: .seconds(5)), .giveUp,
      ])
  }

  @Test func aLongLifeMakesUpForQuickDeaths() {
    var policy = RestartPolicy(
      quickDeath: .seconds(10), firstWait: .seconds(1), longestWait: .seconds(8), quickDeathLimit: 3)
    for _ in 0..<20 {
      #expect(policy.died(after: .seconds(1)) == .restart(after: .seconds(1)))
      #expect(policy.died(after: .seconds(1)) == .restart(after: .seconds(2)))
      #expect(policy.died(after: .seconds(10)) == .restart(after: .seconds(1)))
    }
  }
}

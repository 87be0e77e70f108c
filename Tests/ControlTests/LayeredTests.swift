import Testing

@testable import Control

@Suite("The overlay of a dictionary")
struct LayeredTests {
  @Test("reads what it would hold after a merge, and after a drop what it held before", arguments: 1...20)
  func followsAPlainDictionary(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var layered = Layered<Int, Int>()
    var committed: [Int: Int] = [:]
    var running = committed
    for _ in 0..<2_000 {
      let key = Int.random(in: 0..<24, using: &random)
      switch Int.random(in: 0..<10, using: &random) {
      case 0:
        layered.merge()
        committed = running
      case 1:
        layered.drop()
        running = committed
      case 2, 3:
        layered[key] = nil
        running[key] = nil
      default:
        let value = Int.random(in: 0..<1000, using: &random)
        layered[key] = value
        running[key] = value
      }
      #expect(layered[key] == running[key])
      #expect(layered.values.sorted() == running.values.sorted())
      #expect(layered.isEmpty == running.isEmpty)
      #expect(layered.merged == committed)
    }
  }

  @Test("changes a value in place through the overlay")
  func changesInPlace() {
    var layered = Layered([1: [1]])
    layered[1]?.append(2)
    #expect(layered[1] == [1, 2])
    #expect(layered.merged[1] == [1])
    layered.drop()
    #expect(layered[1] == [1])
  }
}

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

  @Test("goes on beside copies of itself, which keep what they were", arguments: 1...6)
  func isAValue(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var layered = Layered([Int: Int]())
    var model: [Int: Int] = [:]
    var copies: [(layered: Layered<Int, Int>, model: [Int: Int])] = []
    for _ in 0..<400 {
      switch Int.random(in: 0..<8, using: &random) {
      case 0: if copies.count < 3 { copies.append((layered, model)) }
      case 1: if !copies.isEmpty { copies.remove(at: Int.random(in: copies.indices, using: &random)) }
      case 2:
        // A copy may go on by itself.
        guard let index = copies.indices.randomElement(using: &random) else { break }
        copies[index].layered[99] = copies.count
        copies[index].layered.merge()
        copies[index].model[99] = copies.count
      default:
        let version = layered.version
        for _ in 0..<3 {
          let key = Int.random(in: 0..<24, using: &random)
          let value = Bool.random(using: &random) ? Int.random(in: 0..<1000, using: &random) : nil
          layered[key] = value
          model[key] = value
        }
        layered.merge()
        #expect(layered.version == version + 1)
      }
      for (held, expected) in copies + [(layered, model)] {
        #expect(held.merged == expected)
        #expect(held.committedCount == expected.count)
        #expect(held.values.sorted() == expected.values.sorted())
        #expect((0..<24).allSatisfy { held[$0] == expected[$0] })
        #expect(held.isEmpty == expected.isEmpty)
      }
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

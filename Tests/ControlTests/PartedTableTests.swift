import Testing

@testable import Control

@Suite("A table in parts")
struct PartedTableTests {
  @Test("holds what a dictionary holds, before it is parted and after", arguments: 1...4)
  func followsADictionary(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let whole = PartedTable<Int, Int>.whole
    var table = PartedTable<Int, Int>([:])
    var model: [Int: Int] = [:]
    // Grows to twice the size that is parted, and shrinks again.
    for turn in 0..<6 * whole {
      let key = Int.random(in: 0..<3 * whole, using: &random)
      let value = turn < 4 * whole || Bool.random(using: &random) ? turn : nil
      table[key] = value
      model[key] = value
      #expect(table[key] == value)
      if turn % 4_099 == 0 {
        #expect(table.count == model.count)
        #expect(Dictionary(uniqueKeysWithValues: table.entries.map { ($0.key, $0.value) }) == model)
      }
    }
    #expect(model.count > whole)
    #expect((0..<3 * whole).allSatisfy { table[$0] == model[$0] })
    let other = PartedTable(model)
    #expect(other.count == model.count)
    #expect(model.allSatisfy { other[$0.key] == $0.value })
  }
}

import Domain
import Testing

@Suite("The order of texts by their bytes")
struct ByteOrderTests {
  @Test("is that of exact texts", arguments: 1...20)
  func isThatOfExactTexts(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    // Beginnings of each other, the empty text, equal ones, and texts that Swift takes for equal.
    let pieces = ["", "a", "ab", "b", "é", "e\u{301}", "\u{FFFD}", "\u{10000}", "call-0001", "call-0010"]
    let texts = (0..<200).map { _ in
      (0..<Int.random(in: 0...3, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
    }
    let expected = texts.indices.sorted { left, right in
      let (first, second) = (ExactText(texts[left]), ExactText(texts[right]))
      return first == second ? left < right : first < second
    }
    #expect(ByteOrder.places(of: texts) == expected)

    let groups = texts.map { _ in Int64.random(in: -2...2, using: &random) }
    let grouped = (-2...2).flatMap { group in expected.filter { groups[$0] == Int64(group) } }
    #expect(ByteOrder.places(of: texts, in: groups) == grouped)
  }
}

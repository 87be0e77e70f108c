import Testing

@testable import Domain

@Suite struct JSONObjectTests {
  private static let pieces = ["", "a", "b", "é", "\u{FB33}", "\u{1F600}", "e\u{301}", "~", "model"]

  /// A dictionary beside it tells what must be there; sorting its keys as UTF-16 tells the order.
  @Test(arguments: 1...20) func `an object does what a dictionary does, and is in order`(seed: UInt64) {
    var random = seed &* 0x9E37_79B9_7F4A_7C15
    func next(_ count: Int) -> Int {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(random >> 33) % count
    }
    func key() -> ExactText {
      ExactText(Self.pieces[next(Self.pieces.count)] + Self.pieces[next(Self.pieces.count)])
    }
    var object = JSONObject()
    var dictionary: [ExactText: JSON] = [:]
    for step in 0..<200 {
      let key = key()
      // Removes more often in the second half, so that both ways of looking a key up are used, full and empty.
      let value: JSON? = next(10) < (step < 100 ? 2 : 7) ? nil : .integer(Int64(step))
      object[key] = value
      dictionary[key] = value
      #expect(object[key] == value)
      let other = self.other(next(Self.pieces.count))
      #expect(object[other] == dictionary[other])
      let sorted = dictionary.sorted { $0.key.string.utf16.lexicographicallyPrecedes($1.key.string.utf16) }
      #expect(object.keys == sorted.map(\.key) && object.values == sorted.map(\.value))
      #expect(object == JSONObject(dictionary))
    }
  }

  private func other(_ place: Int) -> ExactText { ExactText(Self.pieces[place] + "b") }

  @Test func `of members with the same key the last one stands`() {
    let members: [(key: ExactText, value: JSON)] = [
      ("b", .integer(1)), ("a", .integer(2)), ("b", .integer(3)), ("a", .integer(4)), ("c", .null),
    ]
    let object = JSONObject(members)
    #expect(object.keys == ["a", "b", "c"] && object.values == [.integer(4), .integer(3), .null])
  }

  @Test func `texts that only normalise to the same are two keys`() {
    let object: JSONObject = ["\u{E9}": .integer(1), "e\u{301}": .integer(2)]
    #expect(object.count == 2 && object["\u{E9}"] == .integer(1) && object["e\u{301}"] == .integer(2))
  }

  @Test func `members that are nil are left out`() {
    #expect(JSON.object(["b": nil, "a": .text("x")]) == .object(["a": .text("x")]))
  }
}

import Testing

@testable import Domain

@Suite struct CanonicalTests {
  private func canonical(_ text: String) throws -> String {
    let root = try JSONDocument(Array(text.utf8)).root
    let bytes = root.canonical
    #expect(JSON(root).canonical == bytes, "the two writers agree")
    // The third writes into memory that is kept, here with room for a byte at first.
    let buffer = CanonicalBuffer(capacity: 1)
    let isRead = Array(text.utf8).withUnsafeBytes { text in
      JSONPass(limits: .init()).read(text) { glance in
        buffer.append(glance)
        return true
      }
    }
    #expect(isRead && Array(buffer.bytes) == bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func `strings have minimal escapes as in RFC 8785 section 3.2.2`() throws {
    // The example of section 3.2.2 without its floats.
    let text = #"{ "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false] }"#
    let wanted = #"{"literals":[null,true,false],"string":"€$\u000f\nA'B\"\\\\\"/"}"#
    #expect(try canonical(text) == wanted)
  }

  @Test func `keys are sorted by UTF-16 code units as in RFC 8785 section 3.2.3`() throws {
    let text = #"""
      {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\ud83d\ude00": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis"
      }
      """#
    let root = try JSONDocument(Array(text.utf8)).root
    let sorted = try JSONDocument(root.canonical).root
    #expect(
      sorted.members.map { $0.value.string } == [
        "Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
      ])
    #expect(JSON(root).canonical == root.canonical)
    #expect(sorted.isCanonical)
  }

  @Test(arguments: [
    (#""\b\t\n\f\r""#, #""\b\t\n\f\r""#), (#""\u0008\u0009\u000A\u000C\u000D""#, #""\b\t\n\f\r""#),
    (#""\u0001\u001F""#, #""\u0001\u001f""#), (#""\u007f""#, "\"\u{7F}\""), (#""\u00E9""#, "\"\u{E9}\""),
    (#""\/""#, #""/""#), (#""\uD83D\uDE00""#, "\"😀\""), (#"{"b":2,"a":1}"#, #"{"a":1,"b":2}"#),
    (#"{"a":1,"A":2,"":3}"#, #"{"":3,"A":2,"a":1}"#), (#"{"aa":1,"a":2}"#, #"{"a":2,"aa":1}"#),
    (#"{"abcdefgh2":1,"abcdefgh1":2,"abcdefgh":3}"#, #"{"abcdefgh":3,"abcdefgh1":2,"abcdefgh2":1}"#),
    (#"{"\u0062":1,"a":2}"#, #"{"a":2,"b":1}"#), (" [ 1 , { } , [ ] ] ", "[1,{},[]]"),
    ("{\"é\":1,\"e\":2}", "{\"e\":2,\"é\":1}"),
  ]) func `canonical form`(_ text: String, _ wanted: String) throws {
    #expect(try canonical(text) == wanted)
    let again = try JSONDocument(Array(wanted.utf8)).root
    #expect(again.isCanonical)
    #expect(String(decoding: again.canonical, as: UTF8.self) == wanted)
  }

  @Test func `what is called canonical is exactly that`() throws {
    for text in [" 1", "[1, 2]", #"{"b":1,"a":2}"#, #""\/""#, #""\u0041""#, #""\u000A""#, #""\u001F""#, #"{"a" :1}"#]
    {
      let root = try JSONDocument(Array(text.utf8)).root
      #expect(root.kind == .integer || !root.isCanonical, "\(text)")
    }
  }

  @Test func `random values survive any spelling`() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("canonical fuzz seed \(seed)")
    var random = SeededRandom(seed: seed)
    for round in 0..<250 {
      let value = RandomJSON.value(depth: 4, &random)
      let text = RandomJSON.spell(value, &random)
      let document = try JSONDocument(Array(text.utf8))
      #expect(JSON(document.root) == value, "seed \(seed) round \(round)")
      let wanted = RandomJSON.oracle(value)
      #expect(
        String(decoding: document.root.canonical, as: UTF8.self).utf8.elementsEqual(wanted.utf8), "seed \(seed)")
      #expect(value.canonical == Array(wanted.utf8), "seed \(seed) round \(round)")
      let isSame = text.utf8.elementsEqual(wanted.utf8)
      #expect(document.root.isCanonical == isSame, "seed \(seed) round \(round)")
    }
  }

  @Test func `mutated bytes never crash and are read alike or refused`() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("mutation fuzz seed \(seed)")
    var random = SeededRandom(seed: seed)
    for _ in 0..<800 {
      var bytes = Array(RandomJSON.spell(RandomJSON.value(depth: 3, &random), &random).utf8)
      for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
        let at = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: at)
        default: bytes.insert(Array(#"{}[]",:\u0-.e"#.utf8).randomElement(using: &random) ?? 0, at: at)
        }
      }
      guard let document = try? JSONDocument(bytes) else { continue }
      let canonical = document.root.canonical
      #expect(try JSONDocument(canonical).root.canonical == canonical, "seed \(seed)")
      #expect(JSON(document.root).canonical == canonical, "seed \(seed)")
    }
  }

  @Test(arguments: [0, 1, -1, 9, 10, -10, 1_234_567_890, Int64.max, Int64.min])
  func `integers are written in decimal`(_ value: Int64) {
    var bytes: [UInt8] = []
    JSONWriter.appendInteger(value, to: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == String(value))
  }

  @Test func `a buffer writes what arrays are appended, one text after another`() {
    let buffer = CanonicalBuffer(capacity: 1)
    for text in ["", "a", "tab\t \"quoted\" \\ \u{1F} \u{7F} é 😀", String(repeating: "x\n", count: 3000)] {
      for (number, moment) in [(Int64.min, Timestamp.earliest), (0, Timestamp(microseconds: -1)), (.max, .latest)] {
        var wanted = Array("[".utf8)
        JSONWriter.appendString(text, to: &wanted)
        JSONWriter.appendInteger(number, to: &wanted)
        moment.append(to: &wanted)
        buffer.clear()
        buffer.append(literal: "[")
        Array(text.utf8).withUnsafeBytes { buffer.append(quoted: $0) }
        buffer.append(integer: number)
        buffer.append(moment)
        #expect(Array(buffer.bytes) == wanted && buffer.count == wanted.count)
        #expect(String(decoding: wanted, as: UTF8.self).hasSuffix("\(number)\(moment)"))
      }
    }
  }
}

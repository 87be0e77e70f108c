import Testing

@testable import Domain

/// A text and the faults it must have, each as `code pointer`.
struct BadText: Sendable, CustomTestStringConvertible {
  var bytes: [UInt8]
  var faults: [String]
  init(_ text: String, _ faults: String...) {
    self.bytes = Array(text.utf8)
    self.faults = faults
  }
  init(bytes: [UInt8], _ faults: String...) {
    self.bytes = bytes
    self.faults = faults
  }
  var testDescription: String { String(decoding: bytes.prefix(60), as: UTF8.self) }
}

private func quoted(_ inside: UInt8...) -> [UInt8] { [0x22] + inside + [0x22] }

@Suite struct JSONScannerTests {
  static let badTexts: [BadText] = [
    // Numbers.
    BadText("1.0", "float "), BadText("1e2", "float "), BadText("[1E+2]", "float /0"), BadText("-0.0", "float "),
    BadText("0.5e-3", "float "), BadText("-0", "negative-zero "), BadText(#"{"a":-0}"#, "negative-zero /a"),
    BadText("01", "leading-zero "), BadText("-01", "leading-zero "), BadText("00", "leading-zero "),
    BadText("9007199254740992", "integer-range "), BadText("-9007199254740992", "integer-range "),
    BadText("[99999999999999999999999999999999]", "integer-range /0"),
    BadText("-", "syntax "), BadText("+1", "syntax "), BadText("1.", "syntax "), BadText(".5", "syntax "),
    BadText("1e", "syntax "), BadText("NaN", "syntax "), BadText("Infinity", "syntax "),
    BadText("0x10", "trailing-bytes "),
    // Strings.
    BadText(#""a\u0000b""#, "nul "), BadText(#"{"k":["\u0000"]}"#, "nul /k/0"),
    BadText(#""\ud800""#, "lone-surrogate "), BadText(#""\udc00""#, "lone-surrogate "),
    BadText(#""\ud800\ud800""#, "lone-surrogate ", "lone-surrogate "), BadText(#""\ud83dx""#, "lone-surrogate "),
    BadText(#""\ud83d\n""#, "lone-surrogate "), BadText("\"a\tb\"", "control-character "),
    BadText(bytes: quoted(0x00), "control-character "), BadText(bytes: quoted(0x1F), "control-character "),
    BadText(#""\x""#, "syntax "), BadText(#""\u12g4""#, "syntax "), BadText(#""\u12"#, "syntax "),
    BadText(#""abc"#, "syntax "), BadText(#""abc\"#, "syntax "), BadText(#"'a'"#, "syntax "),
    // UTF-8: a continuation alone, overlong forms, encoded surrogates, beyond U+10FFFF, cut short.
    BadText(bytes: quoted(0x80), "utf8 "), BadText(bytes: quoted(0xC0, 0x80), "utf8 "),
    BadText(bytes: quoted(0xC1, 0xBF), "utf8 "), BadText(bytes: quoted(0xE0, 0x80, 0x80), "utf8 "),
    BadText(bytes: quoted(0xE0, 0x9F, 0xBF), "utf8 "), BadText(bytes: quoted(0xED, 0xA0, 0x80), "utf8 "),
    BadText(bytes: quoted(0xED, 0xBF, 0xBF), "utf8 "), BadText(bytes: quoted(0xF0, 0x8F, 0xBF, 0xBF), "utf8 "),
    BadText(bytes: quoted(0xF4, 0x90, 0x80, 0x80), "utf8 "), BadText(bytes: quoted(0xF5, 0x80, 0x80, 0x80), "utf8 "),
    BadText(bytes: quoted(0xFF), "utf8 "), BadText(bytes: quoted(0xE2, 0x82), "utf8 "),
    BadText(bytes: quoted(0xE2, 0x28, 0xA1), "utf8 "), BadText(bytes: [0x22, 0xF0, 0x9F], "utf8 "),
    BadText(bytes: Array("{\"a\":[\"x\",\"".utf8) + [0xFF, 0x22], "utf8 /a/1"),
    // Keys.
    BadText(#"{"a":1,"a":2}"#, "duplicate-key /a"),
    BadText(#"{"a":1,"b":2,"a":3,"a":4}"#, "duplicate-key /a", "duplicate-key /a"),
    BadText(#"{"a":1,"\u0061":2}"#, "duplicate-key /a"), BadText(#"{"\u00e9":1,"é":2}"#, "duplicate-key /é"),
    BadText(#"{"x":{"a/b~c":1,"a/b~c":2}}"#, "duplicate-key /x/a~1b~0c"), BadText(#"{"":1,"":2}"#, "duplicate-key /"),
    BadText(#"{"a\u0000":1}"#, "nul "), BadText(#"{"o":{"a\ud800":1}}"#, "lone-surrogate /o"),
    // Structure.
    BadText("", "syntax "), BadText(" ", "syntax "), BadText("{", "syntax "), BadText("[", "syntax "),
    BadText("[1,]", "syntax "), BadText(#"{"a":1,}"#, "syntax "), BadText("{,}", "syntax "),
    BadText("[1 2]", "syntax "),
    BadText(#"{"a" 1}"#, "syntax /a"), BadText(#"{"a":}"#, "syntax /a"), BadText(#"{"a":{"b":tru}}"#, "syntax /a/b"),
    BadText("{1:2}", "syntax "), BadText("[}", "syntax "), BadText("nul", "syntax "), BadText("True", "syntax "),
    BadText("// no\n1", "syntax "), BadText("1 2", "trailing-bytes "), BadText("{}x", "trailing-bytes "),
    BadText("{}\u{0}", "trailing-bytes "), BadText("\u{FEFF}{}", "byte-order-mark "), BadText("\u{A0}1", "syntax "),
    BadText("\u{0B}1", "syntax "),
    // All at once, up to the first that stops the scan.
    BadText(
      #"{"a":1.5,"b":[-0,{"c":"\u0000"}],"a":01,"d":x}"#, "float /a", "negative-zero /b/0", "nul /b/1/c",
      "leading-zero /a",
      "syntax /d"),
    BadText(
      #"{"z":1.5,"b":{"y":2,"x":1e9},"z":9007199254740993}"#, "float /z", "float /b/x", "duplicate-key /z",
      "integer-range /z"),
  ]

  @Test(arguments: badTexts) func `bad text is refused by name and place`(_ bad: BadText) {
    let faults = #expect(throws: JSONFaults.self) { _ = try JSONDocument(bad.bytes) }
    #expect(faults?.faults.map { "\($0.code) \($0.pointer)" } == bad.faults)
    for fault in faults?.faults ?? [] { #expect(fault.detail != "not acceptable JSON") }
  }

  @Test(arguments: [
    "0", "-1", "9007199254740991", "-9007199254740991", "true", "null", "\"\"", "[]", "{}", " [ 1 , 2 ] ",
    #""\ud83d\ude00""#, #"{"a":{"a":{"a":1}}}"#, "\"\u{FFFF}\u{10FFFF}\u{7F}\"", "\t\r\n {}",
  ]) func `good text is read`(_ text: String) throws {
    _ = try JSONDocument(Array(text.utf8))
  }

  @Test func `depth is bounded and the bound itself is allowed`() throws {
    let limits = JSONLimits(depth: 4, bytes: 1_000)
    _ = try JSONDocument(Array("[[[[]]]]".utf8), limits: limits)
    let faults = #expect(throws: JSONFaults.self) {
      _ = try JSONDocument(Array(#"[[{"a":[[]]}]]"#.utf8), limits: limits)
    }
    #expect(faults?.faults == [JSONFault(code: "depth", offset: 8, pointer: "/0/0/a/0")])
    let hostile = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
    #expect(throws: JSONFaults.self) { _ = try JSONDocument(hostile) }
  }

  @Test func `size is bounded and the bound itself is allowed`() throws {
    let limits = JSONLimits(depth: 4, bytes: 6)
    _ = try JSONDocument(Array("\"abcd\"".utf8), limits: limits)
    let faults = #expect(throws: JSONFaults.self) { _ = try JSONDocument(Array("\"abcde\"".utf8), limits: limits) }
    #expect(faults?.faults.map(\.code) == ["size"])
  }

  /// A text of tiny values takes eight times its own length on the tape: 16 MiB of them once took more than 128.
  @Test func `values are counted and the bound itself is allowed`() throws {
    let limits = JSONLimits(values: 4)
    _ = try JSONDocument(Array(#"[{"a":1}]"#.utf8), limits: limits)
    let faults = #expect(throws: JSONFaults.self) { _ = try JSONDocument(Array("[1,2,[3],4]".utf8), limits: limits) }
    #expect(faults?.faults == [JSONFault(code: "value-count", offset: 6, pointer: "/2")])
    let hostile = Array(("[0" + String(repeating: ",0", count: 1 << 22) + "]").utf8)
    let many = #expect(throws: JSONFaults.self) { _ = try JSONDocument(hostile) }
    #expect(many?.faults.map(\.code) == ["value-count"])
  }

  @Test func `faults are collected up to a bound`() {
    let text = "[" + Array(repeating: "1.5", count: 5_000).joined(separator: ",") + "]"
    let faults = #expect(throws: JSONFaults.self) { _ = try JSONDocument(Array(text.utf8)) }
    #expect(faults?.faults.count == JSONLimits.faults)
    #expect(faults?.faults.last?.pointer == "/99")
  }

  @Test func `a pointer to a hostile key is cut`() {
    let key = String(repeating: "k", count: 5_000)
    let faults = #expect(throws: JSONFaults.self) { _ = try JSONDocument(Array("{\"\(key)\":1.5}".utf8)) }
    #expect((faults?.faults.first?.pointer.utf8.count ?? 0) < 1_100)
  }

  @Test func `keys that differ only in normalisation stay two`() throws {
    let view = try JSONDocument(Array("{\"\u{E9}\":1,\"e\u{301}\":2}".utf8)).root
    #expect(view.members.count == 2)
    #expect(view["\u{E9}"]?.integer == 1)
    #expect(view["e\u{301}"]?.integer == 2)
    #expect(JSON(view).members?.count == 2)
    #expect(ExactText("\u{E9}") != ExactText("e\u{301}"))
  }

  @Test func `many members in hostile order are sorted in time`() throws {
    // Long common prefixes, escapes in every key: no quadratic work. Decoding the keys once asked for exactly the room
    // that each one needed, which copied all keys for each key: minutes for 16 MB.
    let count = 20_000
    let members = (0..<count).map { #""common-prefix-\u0041\#((count - $0) * 7919 % 1_000_003)":0"# }
    let text = "{" + members.joined(separator: ",") + "}"
    let clock = ContinuousClock()
    let elapsed = try clock.measure { _ = try JSONDocument(Array(text.utf8)) }
    #expect(elapsed < .seconds(20))
  }
}

@Suite struct JSONViewTests {
  @Test func `members and elements are reached without their neighbours`() throws {
    let text = #"{"b":[1,"two",{"c":null}], "a\n":true, "n":-42, "empty":{}}"#
    let root = try JSONDocument(Array(text.utf8)).root
    #expect(root.kind == .object && root.count == 4)
    #expect(root["b"]?.elements.count == 3 && root["b"]?.count == 3)
    #expect(root["b"]?.elements[1].isString("two") == true)
    #expect(root["b"]?.elements[1].isString("tw") == false)
    #expect(root["b"]?.elements[2]["c"]?.kind == .null)
    #expect(root["a\n"]?.boolean == true)
    #expect(root["n"]?.integer == -42)
    #expect(root["empty"]?.members.isEmpty == true)
    #expect(root["missing"] == nil && root["b"]?["c"] == nil && root[""] == nil)
    #expect(root["b"].map { String(decoding: $0.source, as: UTF8.self) } == #"[1,"two",{"c":null}]"#)
    #expect(root.members.map(\.key) == ["b", "a\n", "n", "empty"])
    #expect(root["n"]?.string == nil && root["n"]?.boolean == nil && root["b"]?.integer == nil)
  }
}

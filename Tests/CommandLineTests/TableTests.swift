import Domain
import Testing

@testable import daybook

@Suite struct TableTests {
  private func table(_ columns: [String], _ rows: [[String]]) -> Table {
    Table(columns: columns, rows: rows.map { $0.map { Cell($0, isNumber: Cell.isDecimal($0)) } })
  }

  @Test func numbersStandToTheRightAndTextsToTheLeft() {
    let lines = table(["operation", "cost"], [["chat", "0.104534631"], ["a", "12"]]).lines(width: nil)
    #expect(
      lines == [
        "operation         cost", "─────────  ───────────", "chat       0.104534631", "a                   12",
      ])
  }

  @Test(arguments: 20...140)
  func noLineIsWiderThanTheTerminal(width: Int) {
    let rows = (0..<20).map { row in
      [
        "\(row)", String(repeating: "subject/", count: row), "0.00\(row)",
        "多字节文本" + String(repeating: "x", count: row * 3),
      ]
    }
    let lines = table(["position", "subject", "cost", "note"], rows).lines(width: width)
    for line in lines where !line.hasPrefix("(not shown") { #expect(DisplayWidth.of(line) <= width, "\(line)") }
  }

  @Test func numbersAreNeverCut() {
    let lines = table(["cost", "text"], [["123456789.123456789012", String(repeating: "x", count: 50)]]).lines(
      width: 40)
    #expect(lines[2].contains("123456789.123456789012"))
    #expect(lines[2].hasSuffix("…"))
  }

  @Test func columnsThatDoNotFitAreNamed() {
    let columns = (1...9).map { "column\($0)" }
    let lines = table(columns, [columns.map { _ in "aaaaaaaaaaaaaaa" }]).lines(width: 40)
    #expect(lines.last?.hasPrefix("(not shown for lack of room: column") == true)
    #expect(lines.last?.contains("column9") == true)
  }

  @Test func rowsMayBeShorterThanTheHeading() {
    #expect(table(["a", "b"], [["1"], ["2", "x"]]).lines(width: 80).count == 4)
  }
}

@Suite struct DisplayWidthTests {
  @Test(arguments: [("abc", 3), ("é", 1), ("e\u{301}", 1), ("漢字", 4), ("👍", 2), ("", 0), ("한국", 4)])
  func wideCharactersTakeTwoColumns(text: String, width: Int) {
    #expect(DisplayWidth.of(text) == width)
  }

  @Test(arguments: [("abcdef", 4, "abc…"), ("abc", 3, "abc"), ("漢字漢字", 4, "漢…"), ("abc", 1, "…"), ("abc", 0, "")])
  func aCutTextFits(text: String, width: Int, cut: String) {
    #expect(DisplayWidth.cut(text, to: width) == cut)
    #expect(DisplayWidth.of(cut) <= width)
  }

  @Test func whatCommandsATerminalIsShownAndNotObeyed() {
    #expect(DisplayWidth.harmless("a\u{1B}[2Jb") == "a\\u{1b}[2Jb")
    #expect(DisplayWidth.harmless("a\nb\rc\u{9B}d") == "a⏎b\\u{d}c\\u{9b}d")
    #expect(DisplayWidth.harmless("evil\u{202E}txt") == "evil\\u{202e}txt")
    #expect(DisplayWidth.harmless("plain 漢字 é") == "plain 漢字 é")
  }
}

@Suite struct RowWriterTests {
  private func rows(_ json: String) throws -> [JSONView] { try JSONDocument(Array(json.utf8)).root.elements }

  @Test func columnsComeInTheOrderOfTheirFirstAppearance() throws {
    let text = RowWriter(format: .csv).text(try rows(#"[{"b":1,"a":"x"},{"a":"y","c":null}]"#), columns: nil)
    #expect(text == "b,a,c\r\n1,x,\r\n,y,\r\n")
  }

  @Test func csvQuotesWhatItMustAndTellsEmptyFromNothing() throws {
    let text = RowWriter(format: .csv).text(
      try rows(#"[{"a":"x,y","b":"say \"hi\"","c":"","d":null,"e":"l\nm","f":[1,2]}]"#), columns: nil)
    #expect(text == "a,b,c,d,e,f\r\n\"x,y\",\"say \"\"hi\"\"\",\"\",,\"l\nm\",\"[1,2]\"\r\n")
  }

  @Test func ndjsonIsALineARow() throws {
    #expect(
      RowWriter(format: .ndjson).text(try rows(#"[{"b":1,"a":[ 2 ]},{}]"#), columns: nil)
        == "{\"a\":[2],\"b\":1}\n{}\n")
  }

  @Test func columnsThatCountNothingAreNamedAndLeftOut() throws {
    let found = RowWriter.telling(try rows(#"[{"a":0,"b":0,"c":"0","d":null},{"a":0,"b":1,"c":"0","d":null}]"#))
    #expect(found.columns.map(\.heading) == ["b", "c", "d"])
    #expect(found.zero == ["a"])
    // Wide tables leave amounts of nothing out, too, but not what is unknown in every row.
    let wide = (0..<12).map { #","n\#($0)":1"# }.joined()
    let many = RowWriter.telling(try rows(#"[{"c":"0","d":null\#(wide)},{"c":null,"d":null\#(wide)}]"#))
    #expect(many.zero == ["c"])
    #expect(RowWriter.telling([]).columns.isEmpty)
  }

  @Test func jsonOfNothingIsAnEmptyArray() throws {
    #expect(RowWriter(format: .json).text([], columns: nil) == "[]\n")
    #expect(RowWriter(format: .json).text(try rows(#"[{"a":{"b":[]}}]"#), columns: nil).contains("\"b\": []"))
  }

  @Test func moneyIsReadable() throws {
    let value = try rows(#"[{"amount":"0.5","currency":"USD"}]"#)[0]
    #expect(Cell(value) == Cell("0.5 USD", isNumber: true))
  }
}

@Suite struct ProgressBarTests {
  @Test(arguments: [10, 40, 80, 200])
  func theBarFitsItsLine(columns: Int) {
    let bar = ProgressBar.bar("Importing", 28_185, 56_370, "events", .seconds(2), columns)
    #expect(DisplayWidth.of(bar.replacing("\u{1B}[K", with: "")) < columns)
    if columns >= 80 { #expect(bar.contains("50 %  28185 of 56370 events  14092/s")) }
  }

  @Test func nothingToDoIsDone() {
    #expect(ProgressBar.bar("x", 0, 0, "events", .zero, 80).contains("100 %"))
  }
}

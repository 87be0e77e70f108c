import Domain
import Foundation
import Service
import Testing

@testable import daybook

/// How files write amounts, dates and records.
@Suite struct FactValueTests {
  @Test(arguments: [
    ("1234.5", "1234.5"), ("1,234.50", "1234.5"), ("-0.000001", "-0.000001"), ("1.5e-07", "0.00000015"),
    ("(12.50)", "-12.5"), ("+3", "3"), (" 7 ", "7"), ("\u{2212}2", "-2"), (".5", "0.5"), ("1 234", "1234"),
    ("1,234,567", "1234567"), ("0", "0"), ("-0", "0"),
  ])
  func amountsWithAPoint(text: String, expected: String) throws {
    #expect(try FactValues().amount(text).description == expected)
  }

  @Test(arguments: [("1.234,5", "1234.5"), ("0,1", "0.1"), ("1'234,05", "1234.05")])
  func amountsWithAComma(text: String, expected: String) throws {
    var values = FactValues()
    values.decimal = ","
    #expect(try values.amount(text).description == expected)
  }

  @Test(arguments: [
    "", "x", "1.2.3", "1,23", "12,34.5", "--1", "(-1)", "1e", "0x1", "NaN", "0.0000000000001", "1,,000",
  ])
  func whatIsNoAmountIsRefused(text: String) {
    #expect(throws: FactValues.Fault.self) { _ = try FactValues().amount(text) }
  }

  @Test func moreThanTwelvePlacesAreRoundedWhereThatIsAsked() throws {
    var values = FactValues()
    values.rounds = true
    #expect(try values.amount("0.0000000000005").description == "0")
    #expect(try values.amount("0.0000000000015").description == "0.000000000002")
  }

  @Test func datesAreTheZones() throws {
    var values = FactValues()
    values.zone = ReportingZones.table("Europe/Berlin")
    #expect(try values.moment("2026-03-29", isEnd: false).description == "2026-03-28T23:00:00.000000Z")
    #expect(try values.moment("2026-03-30", isEnd: true).description == "2026-03-29T22:00:00.000000Z")
    #expect(try values.moment("2026-03-29T12:00:00Z", isEnd: false).description == "2026-03-29T12:00:00.000000Z")
    #expect(try values.moment("2026-03-29 12:30", isEnd: false).description == "2026-03-29T10:30:00.000000Z")
    values.isEndIncluded = true
    #expect(try values.moment("2026-03-29", isEnd: true).description == "2026-03-29T22:00:00.000000Z")
    values.dateFormat = "DD.MM.YYYY"
    #expect(try values.moment("28.02.2028", isEnd: true).description == "2028-02-28T23:00:00.000000Z")
    for wrong in ["2026-03-29", "30.02.2026", "1.2.2026", "28.02.2028x", ""] {
      #expect(throws: FactValues.Fault.self) { _ = try values.moment(wrong, isEnd: false) }
    }
  }

  private func records(_ text: String, separator: UInt8 = 0x2C) throws -> [CSVRecords.Record] {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).csv").path
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    defer { unlink(path) }
    var reader = try CSVRecords(path, separator: separator, FactImportCommand.description)
    var records: [CSVRecords.Record] = []
    while let record = try reader.next() { records.append(record) }
    return records
  }

  @Test func recordsKeepTheirLines() throws {
    let made = try records("\u{FEFF}a,b\r\n\"x\"\"y\",\"1\n2\"\n\nz,\n,end")
    #expect(made.map(\.fields) == [["a", "b"], ["x\"y", "1\n2"], ["z", ""], ["", "end"]])
    #expect(made.map(\.line) == [1, 2, 5, 6])
    #expect(try records("a;b\n1,5;2", separator: 0x3B).map(\.fields) == [["a", "b"], ["1,5", "2"]])
  }

  @Test(arguments: ["a\n\"open", "a\n\"x\"y,z", "a\n\"x"])
  func quotesThatDoNotFitAreRefused(text: String) {
    #expect(throws: CheckFailure.self) { _ = try records(text) }
  }
}

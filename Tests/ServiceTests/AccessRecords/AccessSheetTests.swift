import Domain
import Testing

@testable import Service

@Suite struct AccessSheetTests {
  private static let auditor = Principal(key: "k1", kind: .human, owner: "ann", roles: [.auditor])
  private static let start = Timestamp(microseconds: 1_800_000_000_000_000)

  private static func line(_ number: Int, length: Int = 0) -> AccessSheet.Line {
    .init(
      ledger: "main", endpoint: "queryBook", book: "book-\(number)" + String(repeating: "ü", count: length),
      address: "10.0.0.\(number)")
  }

  @Test func readsOfTheSameAreOneLine() {
    var sheet = AccessSheet(Self.auditor, at: Self.start)
    for number in 1...5 {
      let later = Timestamp(microseconds: Self.start.microseconds + Int64(number))
      let position = Int64(100 - number)
      sheet.add(Self.line(1), .init(requests: 1, records: 10, first: position, last: position + 9), at: later)
    }
    let record = sheet.record
    #expect(record["requests"] == .integer(5) && record["records"] == .integer(50))
    #expect(record["owner"] == .text("ann") && record["from"] == .text(Self.start.description))
    let read = record["reads"]?.elements?.first
    #expect(record["reads"]?.elements?.count == 1 && record["further_requests"] == nil)
    #expect(read?["first_position"] == .integer(95) && read?["last_position"] == .integer(108))
    #expect(read?["address"] == .text("10.0.0.1"))
  }

  @Test(arguments: [0, 240])
  func manyLinesStayWithinOneEventAndNothingIsLeftUncounted(length: Int) throws {
    var sheet = AccessSheet(Self.auditor, at: Self.start)
    for number in 0..<500 {
      sheet.add(Self.line(number, length: length), .init(requests: 2, records: 3), at: Self.start)
    }
    let record = sheet.record
    let listed = (record["reads"]?.elements ?? []).compactMap { $0["requests"]?.integer }.reduce(0, +)
    #expect(record["requests"] == .integer(1_000) && record["records"] == .integer(1_500))
    #expect(listed + (record["further_requests"]?.integer ?? 0) == 1_000)
    #expect(throws: Never.self) {
      try EventDraft(
        planned: "access.recorded", subject: "key/k1", id: "a#1", source: "/daybook/commands/k1", data: record)
    }
  }

  @Test func whatCouldNotBeRecordedIsAddedToWhatCame() {
    var earlier = AccessSheet(Self.auditor, at: Self.start)
    for number in 0..<100 { earlier.add(Self.line(number), .init(requests: 1, records: 1), at: Self.start) }
    let later = Timestamp(microseconds: Self.start.microseconds + 60_000_000)
    var sheet = AccessSheet(Self.auditor, at: later)
    sheet.add(Self.line(0), .init(requests: 1, records: 1), at: later)
    sheet.add(earlier)
    let record = sheet.record
    #expect(record["requests"] == .integer(101) && record["records"] == .integer(101))
    #expect(record["from"] == .text(Self.start.description) && record["until"] == .text(later.description))
    let listed = (record["reads"]?.elements ?? []).compactMap { $0["requests"]?.integer }.reduce(0, +)
    #expect(listed + (record["further_requests"]?.integer ?? 0) == 101)
  }
}

import Accounting
import Domain
import Testing

/// Records as the log has them, from JSON.
func record(
  _ position: Int64, _ type: String, _ data: String, derived: String = #"{"posting_date":"2026-01-31"}"#
) throws -> AccountingRecord {
  try [UInt8](repeating: 0xAB, count: 32).withUnsafeBytes { leaf in
    AccountingRecord(
      position: position, type: type, time: try #require(Timestamp(rfc3339: "2026-01-31T10:00:00Z")),
      data: try JSONDocument(Array(data.utf8)).root, derived: try JSONDocument(Array(derived.utf8)).root,
      ledger: "main", leaf: leaf)
  }
}

/// All entries of some records, allocations last.
func entries(_ records: [AccountingRecord]) throws -> [JournalEntry] {
  var books = Bookkeeper(days: allDays)
  var entries: [JournalEntry] = []
  for record in records { try books.post(record) { entries.append($0) } }
  try books.allocate { entries.append($0) }
  return entries
}

let allDays = CivilDate(year: 1, month: 1, day: 1)!...CivilDate(year: 9999, month: 12, day: 31)!

extension JournalEntry {
  /// `2026-01-31 Expenses:… 1.5 USD`, a line each.
  var told: [String] { lines.map { "\(day) \($0.account) \($0.money)" } }
}

let usd = Currency("USD")!

func money(_ text: String) -> Money { Money(Amount(text)!, usd) }

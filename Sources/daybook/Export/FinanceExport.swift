import Accounting
import Domain
import Service

/// `daybook export --format hledger|beancount|focus`.
enum FinanceExport {
  static func run(_ invocation: Invocation) async throws -> ExitCode {
    for option in ["--after", "--type", "--subject", "--book", "--query"]
    where invocation.values[option] != nil {
      throw UsageError(
        "\(option) is not for --format \(invocation["--format"] ?? ""): its figures are sums of the whole log",
        invocation.command)
    }
    let days = try days(invocation)
    let output = invocation["--output"] ?? "-"
    let upTo = try invocation.integer("--up-to", in: 1...Int64.max)
    let source = try RecordSource(invocation)
    let ledger = invocation.ledger
    switch invocation["--format"] {
    case "focus":
      let version = FocusVersion(rawValue: invocation["--focus-version"] ?? "") ?? .newest
      let types = Bookkeeper.types + ["ledger.opened"]
      try await source.read(invocation, types: types, upTo: upTo, needsUnpriced: false) { _ in
        FocusExport(try ExportOutput(output), ledger: ledger, version: version, days: days)
      }
    case let format:
      let dialect: JournalText.Dialect = format == "hledger" ? .hledger : .beancount
      // A journal says at its end how many it leaves out.
      let types = Bookkeeper.types + [ListedRate.type]
      try await source.read(invocation, types: types, upTo: upTo, needsUnpriced: true) { last in
        JournalExport(try ExportOutput(output), dialect, ledger: ledger, upTo: last, days: days)
      }
    }
    return .done
  }

  /// `--from` and `--to`: posting days, both included, as books take them.
  static func days(_ invocation: Invocation) throws(UsageError) -> ClosedRange<CivilDate> {
    var bounds: [CivilDate] = []
    for (option, usual) in [
      ("--from", CivilDate(daysSince1970: -719_162)), ("--to", CivilDate(daysSince1970: 2_932_896)),
    ] {
      guard let text = invocation[option] else {
        bounds.append(usual)
        continue
      }
      guard let day = CivilDate(text) else {
        throw UsageError("\(option) takes a day such as 2023-11-16 with this format", invocation.command)
      }
      bounds.append(day)
    }
    guard bounds[0] <= bounds[1] else { throw UsageError("--from lies behind --to", invocation.command) }
    return bounds[0]...bounds[1]
  }
}

/// Writes a journal.
private final class JournalExport: RecordSink {
  private let output: ExportOutput
  private var text: JournalText
  private var books: Bookkeeper
  private let lastDay: CivilDate

  init(
    _ output: ExportOutput, _ dialect: JournalText.Dialect, ledger: String, upTo: Int64,
    days: ClosedRange<CivilDate>
  ) {
    self.output = output
    text = JournalText(dialect, ledger: ledger)
    books = Bookkeeper(days: days)
    lastDay = days.upperBound
    let isWhole = days == CivilDate(daysSince1970: -719_162)...CivilDate(daysSince1970: 2_932_896)
    text.appendHeader(
      upTo: upTo, days: isWhole ? "" : "\(days.lowerBound) to \(days.upperBound)", to: &output.bytes)
  }

  func take(_ record: AccountingRecord) throws {
    if record.type == ListedRate.type {
      // One that was listed before the first day may hold on all of them.
      let rate = try ListedRate(record)
      if rate.day <= lastDay { text.append(rate, to: &output.bytes) }
    } else {
      try books.post(record) { text.append($0, to: &output.bytes) }
    }
    try output.flush(atLeast: ExportOutput.piece)
  }

  func finish() throws {
    try books.allocate { entry in
      text.append(entry, to: &output.bytes)
      try output.flush(atLeast: ExportOutput.piece)
    }
    text.appendFooter(unpriced: books.unpriced, to: &output.bytes)
    try output.finish()
  }
}

/// Writes FOCUS rows.
private final class FocusExport: RecordSink {
  private let output: ExportOutput
  private var text: FocusText

  init(_ output: ExportOutput, ledger: String, version: FocusVersion, days: ClosedRange<CivilDate>) {
    self.output = output
    text = FocusText(version, ledger: ledger, days: days)
    text.appendHeader(to: &output.bytes)
  }

  func take(_ record: AccountingRecord) throws {
    if record.type == "ledger.opened" {
      // What was booked before the opening is dated in UTC, as a ledger without an opening is.
      if let zone = record.data["time_zone"]?.string { text.zone = try Self.table(zone) }
    } else {
      try text.append(record, to: &output.bytes)
    }
    try output.flush(atLeast: ExportOutput.piece)
  }

  func finish() throws { try output.finish() }

  private static func table(_ zone: String) throws -> ReportingZone {
    guard ReportingZones.isKnown(zone) else {
      throw CheckFailure("this machine's time zone database lacks \(zone), the ledger's zone")
    }
    return ReportingZones.table(zone)
  }
}

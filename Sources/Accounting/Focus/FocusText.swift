public import Domain

/// The text of a FOCUS Cost and Usage dataset as CSV (RFC 4180), piece by piece, in constant memory.
///
/// Each completion and cost has a row for each day and line of its cost; its four costs are all what the ledger booked, as
/// it knows no discounts. Days and months are those of the ledger's zone, written in UTC. Revenue is not part of FOCUS.
public struct FocusText {
  /// The ledger's reporting zone: its days are charge periods, its months billing periods.
  public var zone = ReportingZone.utc {
    didSet { if zone != oldValue { periods = [:] } }
  }
  private let ledger: [UInt8]
  private let days: ClosedRange<CivilDate>
  private let columns: [FocusColumn]
  private var periods: [CivilDate: FocusPeriod] = [:]

  /// Makes a writer of the rows whose charge falls on some days.
  public init(_ version: FocusVersion, ledger: String, days: ClosedRange<CivilDate>) {
    self.ledger = Array(ledger.utf8)
    self.days = days
    columns = version.columns
  }

  /// Appends the line of the column names.
  public func appendHeader(to bytes: inout [UInt8]) {
    bytes.append(contentsOf: columns.map(\.rawValue).joined(separator: ",").utf8)
    bytes.append(0x0D)
    bytes.append(0x0A)
  }

  /// Appends the rows of a record; none where it booked no cost.
  ///
  /// - Throws: `unreadable`.
  public mutating func append(_ record: AccountingRecord, to bytes: inout [UInt8]) throws(AccountingError) {
    for booking in try record.bookings() where booking.fact.kind != .revenue {
      // The lines of an adjustment are those of the new cost; what is taken off has the lines of the original.
      let isNew = record.type == "entry.adjusted" && !booking.money.amount.isNegative
      let lines = (isNew ? record.derived : booking.fact.derived)?["lines"]
      let parts = booking.days.filter { days.contains($0.day) }
      guard let first = parts.first else { continue }
      var row = FocusRow(
        record: record, booking: booking, subject: try FocusSubject(booking.fact),
        charge: FocusCharge(amount: first.amount), period: period(first.day))
      for part in parts {
        row.period = period(part.day)
        for charge in try FocusCharge.charges(of: booking, amount: part.amount, lines: lines) {
          row.charge = charge
          append(row, to: &bytes)
        }
      }
    }
  }

  private mutating func period(_ day: CivilDate) -> FocusPeriod {
    if let known = periods[day] { return known }
    // A file in the order of the log is nearly in the order of days: a few are enough.
    if periods.count > 4096 { periods = [:] }
    let period = FocusPeriod(day, zone)
    periods[day] = period
    return period
  }

  private func append(_ row: FocusRow, to bytes: inout [UInt8]) {
    for (index, column) in columns.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      let start = bytes.count
      switch column {
      case .billingAccountId:
        bytes.append(literal: "daybook/")
        bytes.append(contentsOf: ledger)
      case .billingAccountName: bytes.append(contentsOf: ledger)
      default: row.append(column, to: &bytes)
      }
      if column.isText { FocusField.quote(from: start, in: &bytes) }
    }
    bytes.append(0x0D)
    bytes.append(0x0A)
  }
}

/// A day's charge period and its month's billing period, in UTC as FOCUS writes times: `YYYY-MM-DDTHH:mm:ssZ`.
struct FocusPeriod {
  var month: CivilDate
  var start: [UInt8]
  var end: [UInt8]
  var monthStart: [UInt8]
  var monthEnd: [UInt8]

  init(_ day: CivilDate, _ zone: ReportingZone) {
    func text(_ day: CivilDate) -> [UInt8] {
      var bytes: [UInt8] = []
      zone.start(of: day).append(to: &bytes)
      // A day begins on a whole second: the six digits of its fraction are left out.
      return Array(bytes.prefix(19)) + [UInt8(ascii: "Z")]
    }
    month = CivilDate(year: day.year, month: day.month, day: 1) ?? day
    let next = CivilDate(year: day.month == 12 ? day.year + 1 : day.year, month: day.month % 12 + 1, day: 1)
    start = text(day)
    end = text(day.advanced(byDays: 1))
    monthStart = text(month)
    monthEnd = text(next ?? day.advanced(byDays: 1))
  }
}

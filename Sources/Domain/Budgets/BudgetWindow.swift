/// One window of a budget, such as a day or a month of the ledger's reporting time zone.
///
/// Printed `2026-11-20`, `2026-11`, `total`, and `2026-11-20T10:31Z` for a minute.
public struct BudgetWindow: Sendable, Hashable, CustomStringConvertible {
  /// How long it lasts.
  public let period: BudgetPeriod
  /// Minutes or days since 1970-01-01, months since January of the year 0; 0 for the total.
  public let ordinal: Int32

  /// Wraps an ordinal.
  public init(_ period: BudgetPeriod, ordinal: Int32) {
    self.period = period
    self.ordinal = ordinal
  }

  /// The window that a moment falls into.
  public init(_ period: BudgetPeriod, at moment: Timestamp, zone: ReportingZone) {
    self.period = period
    switch period {
    case .minute:
      ordinal = Int32(clamping: floorDivide(moment.microseconds, 60 * Timestamp.microsecondsPerSecond).quotient)
    case .day: ordinal = Int32(clamping: zone.date(of: moment).daysSince1970)
    case .month: ordinal = Self.month(of: zone.date(of: moment))
    case .total: ordinal = 0
    }
  }

  /// The window of a period that a day of the reporting zone belongs to; a minute is none.
  public init(_ period: BudgetPeriod, on date: CivilDate) {
    self.period = period
    switch period {
    case .day: ordinal = Int32(clamping: date.daysSince1970)
    case .month: ordinal = Self.month(of: date)
    case .total: ordinal = 0
    case .minute: preconditionFailure("a day has many minutes")
    }
  }

  private static func month(of date: CivilDate) -> Int32 { Int32(clamping: date.year * 12 + date.month - 1) }

  /// The first moment of the window; nil for the total.
  public func start(in zone: ReportingZone) -> Timestamp? {
    switch period {
    case .minute: Timestamp(microseconds: Int64(ordinal) * 60 * Timestamp.microsecondsPerSecond)
    case .day: zone.start(of: CivilDate(daysSince1970: Int(ordinal)))
    case .month: firstDay.map { zone.start(of: $0) }
    case .total: nil
    }
  }

  /// The first moment after the window, when its budget is free again; nil for the total.
  public func end(in zone: ReportingZone) -> Timestamp? { next?.start(in: zone) }

  /// The window after this one; nil for the total.
  public var next: BudgetWindow? { period == .total ? nil : BudgetWindow(period, ordinal: ordinal + 1) }

  /// The first day of a month.
  private var firstDay: CivilDate? { CivilDate(year: Int(ordinal) / 12, month: Int(ordinal) % 12 + 1, day: 1) }

  /// The number of the last UTC day that any part of the window can fall on, whatever the zone; nil for the total.
  public var lastDay: Int? {
    switch period {
    case .minute: Int(floorDivide(Int64(ordinal), 1440).quotient)
    case .day: Int(ordinal) + 1
    case .month: BudgetWindow(.month, ordinal: ordinal + 1).firstDay.map { $0.daysSince1970 }
    case .total: nil
    }
  }
}

// MARK: - Text

extension BudgetWindow {
  /// Reads what `description` prints.
  public init?(_ text: String) {
    switch text.utf8.count {
    case 5 where text == "total": self.init(.total, ordinal: 0)
    case 7:
      guard let date = CivilDate(text + "-01") else { return nil }
      self.init(.month, ordinal: Self.month(of: date))
    case 10:
      guard let date = CivilDate(text) else { return nil }
      self.init(.day, ordinal: Int32(clamping: date.daysSince1970))
    case 17 where text.utf8.last == UInt8(ascii: "Z"):
      guard let moment = Timestamp(rfc3339: text.dropLast() + ":00Z") else { return nil }
      self.init(.minute, at: moment, zone: .utc)
    default: return nil
    }
  }

  /// The text.
  public var description: String {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends `description` as bytes, for hot paths.
  public func append(to bytes: inout [UInt8]) {
    switch period {
    case .total: bytes.append(literal: "total")
    case .day: CivilDate(daysSince1970: Int(ordinal)).append(to: &bytes)
    case .month:
      (firstDay ?? CivilDate(daysSince1970: 0)).append(to: &bytes)
      bytes.removeLast(3)
    case .minute:
      let (day, minute) = floorDivide(Int64(ordinal), 1440)
      CivilDate(daysSince1970: Int(day)).append(to: &bytes)
      let digits = [minute / 600, minute / 60 % 10, minute % 60 / 10, minute % 10].map { 0x30 + UInt8($0) }
      bytes += [UInt8(ascii: "T"), digits[0], digits[1], UInt8(ascii: ":"), digits[2], digits[3], UInt8(ascii: "Z")]
    }
  }
}

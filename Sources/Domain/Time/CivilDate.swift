/// A day of the Gregorian calendar, printed `YYYY-MM-DD`.
public struct CivilDate: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Days since 1970-01-01.
  public let daysSince1970: Int

  /// Wraps a day number.
  public init(daysSince1970: Int) { self.daysSince1970 = daysSince1970 }

  /// The day with this year (1 to 9999), month and day; nil where there is none.
  public init?(year: Int, month: Int, day: Int) {
    guard let days = GregorianCalendar.day(year: year, month: month, day: day) else { return nil }
    daysSince1970 = days
  }

  /// Reads `YYYY-MM-DD`.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 10, bytes[4] == 0x2D, bytes[7] == 0x2D else { return nil }
    var numbers: [Int] = []
    for range in [0..<4, 5..<7, 8..<10] {
      var number = 0
      for byte in bytes[range] {
        guard byte >= 0x30, byte <= 0x39 else { return nil }
        number = number * 10 + Int(byte - 0x30)
      }
      numbers.append(number)
    }
    self.init(year: numbers[0], month: numbers[1], day: numbers[2])
  }

  /// The day of UTC that a moment falls on.
  public init(utcDayOf moment: Timestamp) {
    daysSince1970 = Int(floorDivide(moment.microseconds, Timestamp.microsecondsPerDay).quotient)
  }

  /// 1 to 9999.
  public var year: Int { calendarDate.year }
  /// 1 to 12.
  public var month: Int { calendarDate.month }
  /// 1 to 31.
  public var day: Int { calendarDate.day }

  /// The day this many days later.
  public func advanced(byDays days: Int) -> CivilDate { CivilDate(daysSince1970: daysSince1970 + days) }

  /// The first moment of the day in UTC.
  public var startInUTC: Timestamp { Timestamp(microseconds: Int64(daysSince1970) * Timestamp.microsecondsPerDay) }

  /// `YYYY-MM-DD`.
  public var description: String {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends `description` as bytes, for hot paths.
  public func append(to bytes: inout [UInt8]) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 10) { buffer in
      DigitWriter.date(calendarDate, into: buffer)
      bytes.append(contentsOf: UnsafeBufferPointer(buffer))
    }
  }

  /// Earlier first.
  public static func < (left: Self, right: Self) -> Bool { left.daysSince1970 < right.daysSince1970 }

  /// A day beyond the years 1 to 9999, which no text can name, is shown as the nearest one that has a name.
  private var calendarDate: GregorianCalendar.Date {
    GregorianCalendar.date(
      day: min(max(daysSince1970, GregorianCalendar.firstDay), GregorianCalendar.lastDay))
  }
}

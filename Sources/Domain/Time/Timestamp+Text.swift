extension Timestamp: CustomStringConvertible {
  /// Reads RFC 3339: any offset, `T` or `t`, `Z` or `z`; digits beyond the sixth of a second are cut off.
  ///
  /// The years 0001 to 9999 of UTC. A leap second (`:60`) is refused, as are `24:00`, a space in place of `T` and a
  /// missing offset.
  public init?(rfc3339 text: String) {
    self.init(rfc3339: text.utf8)
  }

  /// Reads the bytes of an RFC 3339 text under the same rules as `init(rfc3339:)`, for hot paths.
  public init?(rfc3339 text: some Collection<UInt8>) {
    let scanned = text.withContiguousStorageIfAvailable { TimestampScanner.microseconds(of: $0) }
    let microseconds: Int64?
    if let scanned {
      microseconds = scanned
    } else {
      microseconds = Array(text).withUnsafeBufferPointer { TimestampScanner.microseconds(of: $0) }
    }
    guard let microseconds else { return nil }
    self.init(microseconds: microseconds)
  }

  /// RFC 3339 in UTC with six fractional digits and `Z`.
  public var description: String {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends `description` as bytes, for hot paths.
  ///
  /// A moment beyond `earliest` and `latest`, which no text can name, is written as the nearer of the two.
  public func append(to bytes: inout [UInt8]) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.textLength) { buffer in
      write(into: buffer)
      bytes.append(contentsOf: UnsafeBufferPointer(buffer))
    }
  }

  /// Bytes of `description`.
  static let textLength = 27

  /// Writes `description` into `textLength` bytes.
  func write(into buffer: UnsafeMutableBufferPointer<UInt8>) {
    let held = min(max(self, .earliest), .latest).microseconds
    let (day, time) = floorDivide(held, Self.microsecondsPerDay)
    let date = GregorianCalendar.date(day: Int(day))
    let (second, fraction) = UInt64(time).quotientAndRemainder(dividingBy: 1_000_000)
    DigitWriter.date(date, into: buffer)
    buffer[10] = UInt8(ascii: "T")
    DigitWriter.two(second / 3600, at: 11, into: buffer)
    buffer[13] = UInt8(ascii: ":")
    DigitWriter.two(second / 60 % 60, at: 14, into: buffer)
    buffer[16] = UInt8(ascii: ":")
    DigitWriter.two(second % 60, at: 17, into: buffer)
    buffer[19] = UInt8(ascii: ".")
    DigitWriter.two(fraction / 10_000, at: 20, into: buffer)
    DigitWriter.two(fraction / 100 % 100, at: 22, into: buffer)
    DigitWriter.two(fraction % 100, at: 24, into: buffer)
    buffer[26] = UInt8(ascii: "Z")
  }
}

/// Reads RFC 3339 date-times.
enum TimestampScanner {
  /// Longer fractions are refused before they are read.
  static let longestText = 64

  /// Microseconds since 1970 that the text names; nil where it is no such text.
  static func microseconds(of text: UnsafeBufferPointer<UInt8>) -> Int64? {
    guard text.count >= 20, text.count <= longestText, text[4] == 0x2D, text[7] == 0x2D, text[13] == 0x3A,
      text[16] == 0x3A, text[10] == UInt8(ascii: "T") || text[10] == UInt8(ascii: "t"),
      let century = two(text, 0), let yearOfCentury = two(text, 2), let month = two(text, 5), let day = two(text, 8),
      let hour = two(text, 11), let minute = two(text, 14), let second = two(text, 17),
      hour < 24, minute < 60, second < 60,
      let days = GregorianCalendar.day(year: century * 100 + yearOfCentury, month: month, day: day)
    else { return nil }

    var index = 19
    guard let fraction = fraction(text, &index), let offset = offset(text, &index), index == text.count else {
      return nil
    }
    let seconds = Int64(days) * 86_400 + Int64(hour * 3600 + minute * 60 + second) - Int64(offset)
    let moment = Timestamp(microseconds: seconds * Timestamp.microsecondsPerSecond + Int64(fraction))
    guard moment >= .earliest, moment <= .latest else { return nil }
    return moment.microseconds
  }

  /// Microseconds of an optional fraction. The fraction counts forward from the second, so cutting it off moves towards
  /// the past, before 1970 too.
  private static func fraction(_ text: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> Int? {
    guard text[index] == UInt8(ascii: ".") else { return 0 }
    index += 1
    let start = index
    var value = 0
    while index < text.count, text[index] &- 0x30 <= 9 {
      if index - start < 6 { value = value * 10 + Int(text[index] &- 0x30) }
      index += 1
    }
    guard index > start, index < text.count else { return nil }
    for _ in min(index - start, 6)..<6 { value *= 10 }
    return value
  }

  /// Seconds east of UTC.
  private static func offset(_ text: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> Int? {
    let sign = text[index]
    if sign == UInt8(ascii: "Z") || sign == UInt8(ascii: "z") {
      index += 1
      return 0
    }
    guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), text.count - index >= 6,
      let hours = two(text, index + 1), text[index + 3] == UInt8(ascii: ":"), let minutes = two(text, index + 4),
      hours < 24, minutes < 60
    else { return nil }
    index += 6
    let seconds = hours * 3600 + minutes * 60
    return sign == UInt8(ascii: "-") ? -seconds : seconds
  }

  private static func two(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int? {
    let tens = text[index] &- 0x30
    let ones = text[index + 1] &- 0x30
    guard tens <= 9, ones <= 9 else { return nil }
    return Int(tens) * 10 + Int(ones)
  }
}

/// Writes the digits of dates, times and integers in place.
enum DigitWriter {
  /// 19 digits and a sign.
  static let longestInteger = 20

  /// Writes an integer to the end of `longestInteger` bytes; answers where it begins.
  static func integer(_ value: Int64, into digits: UnsafeMutableBufferPointer<UInt8>) -> Int {
    var at = longestInteger
    var rest = value.magnitude
    repeat {
      at -= 1
      digits[at] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest > 0
    if value < 0 {
      at -= 1
      digits[at] = UInt8(ascii: "-")
    }
    return at
  }

  static func two(_ value: UInt64, at index: Int, into buffer: UnsafeMutableBufferPointer<UInt8>) {
    buffer[index] = 0x30 &+ UInt8(truncatingIfNeeded: value / 10)
    buffer[index + 1] = 0x30 &+ UInt8(truncatingIfNeeded: value % 10)
  }

  /// `YYYY-MM-DD` into the first ten bytes.
  static func date(_ date: GregorianCalendar.Date, into buffer: UnsafeMutableBufferPointer<UInt8>) {
    two(UInt64(date.year / 100), at: 0, into: buffer)
    two(UInt64(date.year % 100), at: 2, into: buffer)
    buffer[4] = UInt8(ascii: "-")
    two(UInt64(date.month), at: 5, into: buffer)
    buffer[7] = UInt8(ascii: "-")
    two(UInt64(date.day), at: 8, into: buffer)
  }
}

/// Division towards negative infinity, so that the remainder is never negative.
func floorDivide(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
  let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
  return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
}

/// Postgres's spelling of binary values that are not texts.
extension Rows {
  /// The text of a value; nil for a type that is not known here.
  static func text(of field: UnsafeRawBufferPointer, type: UInt32) -> String? {
    switch type {
    case TypeID.int8: String(Int64(bigEndian: field.loadUnaligned(as: Int64.self)))
    case TypeID.int4: String(Int32(bigEndian: field.loadUnaligned(as: Int32.self)))
    case TypeID.int2: String(Int16(bigEndian: field.loadUnaligned(as: Int16.self)))
    case TypeID.oid: String(UInt32(bigEndian: field.loadUnaligned(as: UInt32.self)))
    case TypeID.boolean: field[0] == 1 ? "true" : "false"
    case TypeID.jsonb: String(decoding: field.dropFirst(), as: UTF8.self)
    case TypeID.date: date(daysSince2000: Int(Int32(bigEndian: field.loadUnaligned(as: Int32.self))))
    case TypeID.timestamptz: timestamp(sincePostgresEpoch: Int64(bigEndian: field.loadUnaligned(as: Int64.self)))
    case TypeID.numeric: numeric(field)
    case TypeID.uuid: uuid(field)
    default: nil
    }
  }

  /// `YYYY-MM-DD` (Howard Hinnant, "chrono-compatible low-level date algorithms": civil_from_days).
  static func date(daysSince2000: Int) -> String {
    if daysSince2000 == Int(Int32.max) { return "infinity" }
    if daysSince2000 == Int(Int32.min) { return "-infinity" }
    // Days since 0000-03-01, so that the leap day is the last of its year.
    let days = daysSince2000 + 730_425
    let era = (days >= 0 ? days : days - 146_096) / 146_097
    let dayOfEra = days - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    let text = "\(padded(year > 0 ? year : 1 - year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    return year > 0 ? text : text + " BC"
  }

  /// `YYYY-MM-DDTHH:MM:SS.ffffffZ` (RFC 3339).
  private static func timestamp(sincePostgresEpoch microseconds: Int64) -> String {
    if microseconds == .max { return "infinity" }
    if microseconds == .min { return "-infinity" }
    let (days, rest) = Int(microseconds).flooredDivision(by: 86_400_000_000)
    let (seconds, fraction) = (rest / 1_000_000, rest % 1_000_000)
    let time = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }.joined(separator: ":")
    return "\(date(daysSince2000: days))T\(time).\(padded(fraction, 6))Z"
  }

  /// Base-10,000 digits (numeric.c: `numeric_send`).
  private static func numeric(_ field: UnsafeRawBufferPointer) -> String {
    func short(_ index: Int) -> Int {
      Int(Int16(bigEndian: field.loadUnaligned(fromByteOffset: index * 2, as: Int16.self)))
    }
    let (digitCount, weight, sign, scale) = (short(0), short(1), short(2) & 0xFFFF, short(3))
    switch sign {
    case 0xC000: return "NaN"
    case 0xD000: return "Infinity"
    case 0xF000: return "-Infinity"
    default: break
    }
    func digits(_ place: Int) -> String {
      let index = weight - place
      return padded(index >= 0 && index < digitCount ? short(4 + index) : 0, 4)
    }
    var whole =
      weight < 0 ? "0" : String(stride(from: weight, through: 0, by: -1).map(digits).joined().drop { $0 == "0" })
    if whole.isEmpty { whole = "0" }
    let sign4 = sign == 0x4000 ? "-" : ""
    if scale == 0 { return sign4 + whole }
    let fraction = stride(from: -1, through: -((scale + 3) / 4), by: -1).map(digits).joined().prefix(scale)
    return "\(sign4)\(whole).\(fraction)"
  }

  private static func uuid(_ field: UnsafeRawBufferPointer) -> String {
    let hex = field.map { padded(String($0, radix: 16), 2) }
    return [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { hex[$0].joined() }.joined(separator: "-")
  }

  private static func padded(_ number: Int, _ width: Int) -> String { padded(String(number), width) }

  private static func padded(_ text: String, _ width: Int) -> String {
    String(repeating: "0", count: max(0, width - text.utf8.count)) + text
  }
}

extension Int {
  /// Quotient rounded down, and the remainder, which is never negative.
  fileprivate func flooredDivision(by divisor: Int) -> (quotient: Int, remainder: Int) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}

import Domain

/// Chooses how a column's texts are written: whatever leaves least for the compressor to find.
///
/// Digits stand column by column (the first of all numbers, then the second, …), so that leading zeros and slowly
/// moving
/// digits become runs, and digits that are random cost the four bits that they are worth.
enum ColumnWriter {
  static func json(_ column: LeafColumn) -> JSON {
    among(column) ?? numbers(column) ?? times(column) ?? masked(column) ?? words(column) ?? texts(column)
  }

  /// A few texts over and over: a list, and which of them each event has.
  private static func among(_ column: LeafColumn) -> JSON? {
    guard let (firsts, picks) = column.distinct(atMost: max(2, column.count / 4)) else { return nil }
    // Short numbers are no longer than what would stand for them.
    let length = column.bytes.count / column.count
    guard length > hexWidth(UInt64(firsts.count)) + 1 else { return nil }
    return .object([
      "among": .array(firsts.map { .text(String(decoding: column.text($0), as: UTF8.self)) }),
      "picks": .text(digits(picks.map(UInt64.init))),
    ])
  }

  /// Whole numbers, or amounts as decimal strings in their shortest form.
  private static func numbers(_ column: LeafColumn) -> JSON? {
    let isQuoted = column.bytes[0] == UInt8(ascii: "\"")
    var parsed: [(value: UInt64, decimals: Int)] = []
    parsed.reserveCapacity(column.count)
    var decimals = 0
    for row in 0..<column.count {
      guard let number = number(column.text(row), isQuoted: isQuoted) else { return nil }
      decimals = max(decimals, number.decimals)
      parsed.append(number)
    }
    guard isQuoted else { return .object(["digits": .text(digits(parsed.map(\.value)))]) }
    var values: [UInt64] = []
    values.reserveCapacity(parsed.count)
    for number in parsed {
      var value = number.value
      for _ in number.decimals..<decimals {
        let (product, overflows) = value.multipliedReportingOverflow(by: 10)
        if overflows { return nil }
        value = product
      }
      values.append(value)
    }
    return .object(["decimals": .integer(Int64(decimals)), "digits": .text(digits(values))])
  }

  /// A number without sign, leading zeros, or zeros at the end of a fraction; at most 18 digits.
  private static func number(_ text: ArraySlice<UInt8>, isQuoted: Bool) -> (value: UInt64, decimals: Int)? {
    var digits = text
    if isQuoted {
      guard text.count >= 3, text.first == UInt8(ascii: "\""), text.last == UInt8(ascii: "\"") else { return nil }
      digits = text.dropFirst().dropLast()
    }
    guard digits.count <= 19, let first = digits.first, let last = digits.last else { return nil }
    let point = isQuoted ? digits.firstIndex(of: UInt8(ascii: ".")) : nil
    let whole = point.map { $0 - digits.startIndex } ?? digits.count
    guard whole > 0, first != UInt8(ascii: "0") || whole == 1 else { return nil }
    if point != nil && (last == UInt8(ascii: "0") || last == UInt8(ascii: ".")) { return nil }
    var value: UInt64 = 0
    for (index, digit) in digits.enumerated() where index != whole || point == nil {
      guard digit &- 0x30 <= 9 else { return nil }
      let (product, overflows) = value.multipliedReportingOverflow(by: 10)
      if overflows { return nil }
      value = product + UInt64(digit &- 0x30)
    }
    return (value, point == nil ? 0 : digits.count - whole - 1)
  }

  /// Times in the ledger's spelling: the first, and the steps between them in microseconds, those backwards odd.
  private static func times(_ column: LeafColumn) -> JSON? {
    var moments: [Int64] = []
    moments.reserveCapacity(column.count)
    for row in 0..<column.count {
      let text = column.text(row)
      guard text.count == 29, text.first == UInt8(ascii: "\""), text[text.startIndex + 27] == UInt8(ascii: "Z"),
        text[text.startIndex + 11] == UInt8(ascii: "T"),
        let moment = Timestamp(rfc3339: text.dropFirst().dropLast())
      else { return nil }
      moments.append(moment.microseconds)
    }
    var previous = moments[0]
    let steps = moments.map { moment in
      let step = moment - previous
      previous = moment
      return UInt64(bitPattern: step << 1 ^ step >> 63)
    }
    return .object(["from": .integer(moments[0]), "steps": .text(digits(steps))])
  }

  /// Texts of one length: what all have in common, and what fills its holes, place by place.
  private static func masked(_ column: LeafColumn) -> JSON? {
    let length = column.range(0).count
    let asterisk = UInt8(ascii: "*")
    guard column.bytes.count == length * column.count, !column.bytes.contains(where: { $0 >= 0x80 || $0 == asterisk })
    else { return nil }
    var mask = Array(column.text(0))
    for row in 1..<column.count {
      guard column.range(row).count == length else { return nil }
      let start = column.range(row).lowerBound
      for place in 0..<length where mask[place] != column.bytes[start + place] { mask[place] = asterisk }
    }
    var fill: [UInt8] = []
    fill.reserveCapacity(column.bytes.count)
    for place in 0..<length where mask[place] == asterisk {
      for row in 0..<column.count { fill.append(column.bytes[row * length + place]) }
    }
    return .object([
      "fill": .text(String(decoding: fill, as: UTF8.self)), "mask": .text(String(decoding: mask, as: UTF8.self)),
    ])
  }

  /// Texts without spaces: what all begin and end with, and the rest of each.
  private static func words(_ column: LeafColumn) -> JSON? {
    guard !column.bytes.contains(where: { $0 >= 0x80 || $0 == UInt8(ascii: " ") }) else { return nil }
    var prefix = column.text(0)
    for row in 1..<column.count {
      let text = column.text(row)
      prefix = prefix.prefix(zip(prefix, text).prefix { $0 == $1 }.count)
    }
    var suffix = column.text(0).dropFirst(prefix.count)
    for row in 1..<column.count {
      let rest = column.text(row).dropFirst(prefix.count)
      suffix = suffix.suffix(zip(suffix.reversed(), rest.reversed()).prefix { $0 == $1 }.count)
    }
    var words: [UInt8] = []
    for row in 0..<column.count {
      if row > 0 { words.append(UInt8(ascii: " ")) }
      words += column.text(row).dropFirst(prefix.count).dropLast(suffix.count)
    }
    return .object([
      "prefix": prefix.isEmpty ? nil : .text(String(decoding: prefix, as: UTF8.self)),
      "suffix": suffix.isEmpty ? nil : .text(String(decoding: suffix, as: UTF8.self)),
      "words": .text(String(decoding: words, as: UTF8.self)),
    ])
  }

  private static func texts(_ column: LeafColumn) -> JSON {
    .object(["texts": .array((0..<column.count).map { .text(String(decoding: column.text($0), as: UTF8.self)) })])
  }

  private static func hexWidth(_ value: UInt64) -> Int { max(1, (67 - value.leadingZeroBitCount) / 4) }

  /// Hexadecimal numbers of one width: the first digit of each, then the second of each, …
  private static func digits(_ values: [UInt64]) -> String {
    let width = hexWidth(values.max() ?? 0)
    var text: [UInt8] = []
    text.reserveCapacity(width * values.count)
    for place in (0..<width).reversed() {
      for value in values {
        let digit = UInt8(truncatingIfNeeded: value >> UInt64(4 * place)) & 15
        text.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}

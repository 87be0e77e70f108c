import Domain

/// The texts that one column of a segment stands for, one an event.
struct ColumnTexts {
  private(set) var bytes: [UInt8] = []
  private(set) var ends: [Int] = []

  /// Where the text of an event lies in `bytes`.
  @inline(__always) func range(_ row: Int) -> Range<Int> { (row == 0 ? 0 : ends[row - 1])..<ends[row] }

  private mutating func append(_ text: some Sequence<UInt8>) {
    bytes.append(contentsOf: text)
    ends.append(bytes.count)
  }

  /// Reads a column of so many texts; which coding it has is told by its members.
  init(_ column: JSONView, count: Int) throws(ExportError) {
    ends.reserveCapacity(count)
    if let text = column["all"]?.string {
      for _ in 0..<count { append(text.utf8) }
    } else if let list = column["among"], let picks = column["picks"] {
      try readPicks(list.elements, picks, count)
    } else if let steps = column["steps"], let from = column["from"]?.integer {
      try readTimes(from, steps, count)
    } else if let digits = column["digits"] {
      try readNumbers(digits, decimals: column["decimals"]?.integer, count)
    } else if let fill = column["fill"]?.string, let mask = column["mask"]?.string {
      try readMasked(Array(mask.utf8), Array(fill.utf8), count)
    } else if let words = column["words"]?.string {
      let (prefix, suffix) = (column["prefix"]?.string ?? "", column["suffix"]?.string ?? "")
      for word in words.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false) {
        bytes.append(contentsOf: prefix.utf8)
        bytes.append(contentsOf: word)
        append(suffix.utf8)
      }
    } else if let texts = column["texts"] {
      for text in texts.elements { append((text.string ?? "").utf8) }
    } else {
      throw ExportError(.unreadable, "a column of no known coding")
    }
    guard ends.count == count else { throw ExportError(.unreadable, "a column of \(ends.count) texts for \(count)") }
  }

  private mutating func readPicks(_ list: [JSONView], _ picks: JSONView, _ count: Int) throws(ExportError) {
    let texts = list.map { Array(($0.string ?? "").utf8) }
    for pick in try Self.numbers(picks, count) {
      guard pick < UInt64(texts.count) else { throw ExportError(.unreadable, "a pick beyond its list") }
      append(texts[Int(pick)])
    }
  }

  /// Each text has the mask's characters, and in place of its asterisks those of the fill: all of the first, then the
  /// next.
  private mutating func readMasked(_ mask: [UInt8], _ fill: [UInt8], _ count: Int) throws(ExportError) {
    let holes = mask.indices.filter { mask[$0] == UInt8(ascii: "*") }
    guard fill.count == holes.count * count else { throw ExportError(.unreadable, "a fill that is not its mask's") }
    var text = mask
    for row in 0..<count {
      for (place, hole) in holes.enumerated() { text[hole] = fill[place * count + row] }
      append(text)
    }
  }

  /// Differences from the time before in microseconds, those backwards odd.
  private mutating func readTimes(_ from: Int64, _ steps: JSONView, _ count: Int) throws(ExportError) {
    var moment = from
    for step in try Self.numbers(steps, count) {
      let forward = Int64(bitPattern: step >> 1) ^ -Int64(bitPattern: step & 1)
      let (sum, overflows) = moment.addingReportingOverflow(forward)
      guard !overflows else { throw ExportError(.unreadable, "a time beyond the calendar") }
      moment = sum
      bytes.append(UInt8(ascii: "\""))
      Timestamp(microseconds: moment).append(to: &bytes)
      append(CollectionOfOne(UInt8(ascii: "\"")))
    }
  }

  private mutating func readNumbers(_ digits: JSONView, decimals: Int64?, _ count: Int) throws(ExportError) {
    guard (0...30).contains(decimals ?? 0) else { throw ExportError(.unreadable, "a number of decimals") }
    for number in try Self.numbers(digits, count) {
      guard let decimals else {
        append(String(number).utf8)
        continue
      }
      bytes.append(UInt8(ascii: "\""))
      Self.appendDecimal(Array(String(number).utf8), Int(decimals), to: &bytes)
      append(CollectionOfOne(UInt8(ascii: "\"")))
    }
  }

  /// Shifts the point to the left and leaves out what ends in zeros behind it.
  private static func appendDecimal(_ digits: [UInt8], _ decimals: Int, to bytes: inout [UInt8]) {
    let zero = UInt8(ascii: "0")
    let padded = Array(repeating: zero, count: max(0, decimals + 1 - digits.count)) + digits
    let point = padded.count - decimals
    bytes.append(contentsOf: padded[..<point])
    let end = padded[point...].lastIndex { $0 != zero }
    guard let end else { return }
    bytes.append(UInt8(ascii: "."))
    bytes.append(contentsOf: padded[point...end])
  }

  /// Hexadecimal numbers of one width: the first digit of each, then the second of each, …
  private static func numbers(_ digits: JSONView, _ count: Int) throws(ExportError) -> [UInt64] {
    let text = Array((digits.string ?? "").utf8)
    guard count > 0, text.count.isMultiple(of: count), text.count / count <= 16 else {
      throw ExportError(.unreadable, "digits that are not one number an event")
    }
    var numbers = [UInt64](repeating: 0, count: count)
    for (index, digit) in text.enumerated() {
      let value: UInt8
      switch digit {
      case 0x30...0x39: value = digit - 0x30
      case 0x61...0x66: value = digit - 0x57
      default: throw ExportError(.unreadable, "digits that are not hexadecimal")
      }
      numbers[index % count] = numbers[index % count] << 4 | UInt64(value)
    }
    return numbers
  }
}

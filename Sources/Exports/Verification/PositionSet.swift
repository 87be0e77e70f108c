/// Positions, a bit each: a million events take 125 kB.
struct PositionSet {
  private var words: [UInt64] = []
  private(set) var count = 0

  /// Takes a position in; one below 1 or beyond any log is left out.
  mutating func insert(_ position: Int64) {
    guard position > 0, position < 1 << 40 else { return }
    let (word, bit) = (Int(position >> 6), UInt64(1) << UInt64(position & 63))
    if word >= words.count { words.append(contentsOf: repeatElement(0, count: word + 1 - words.count)) }
    if words[word] & bit == 0 { count += 1 }
    words[word] |= bit
  }

  func contains(_ position: Int64) -> Bool {
    let word = Int(position >> 6)
    return position > 0 && word < words.count && words[word] & (1 << UInt64(position & 63)) != 0
  }

  /// The positions in order, while `body` answers true.
  func forEach(_ body: (Int64) -> Bool) {
    for (index, word) in words.enumerated() where word != 0 {
      var rest = word
      while rest != 0 {
        guard body(Int64(index) << 6 | Int64(rest.trailingZeroBitCount)) else { return }
        rest &= rest - 1
      }
    }
  }
}

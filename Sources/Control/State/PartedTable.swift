/// A dictionary that grows a part at a time once it is large.
///
/// One large dictionary doubles at once: for as long as it takes to move a hundred thousand entries nobody gets an answer, and
/// both halves stand in memory meanwhile.
struct PartedTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  /// Entries beyond which the table is parted.
  static var whole: Int { 8_192 }
  private static var partCount: Int { 256 }

  /// One, or `partCount`.
  private var parts: [[Key: Value]]
  /// How many entries there are.
  private(set) var count: Int

  init(_ values: [Key: Value]) {
    parts = [values]
    count = values.count
    if count > Self.whole { split() }
  }

  subscript(key: Key) -> Value? {
    get { parts[place(of: key)][key] }
    set {
      let place = place(of: key)
      let before = parts[place].count
      parts[place][key] = newValue
      count += parts[place].count - before
      if parts.count == 1 && count > Self.whole { split() }
    }
  }

  /// Every entry, in no particular order.
  var entries: some Sequence<(key: Key, value: Value)> { parts.lazy.joined() }

  private func place(of key: Key) -> Int {
    parts.count == 1 ? 0 : Int(truncatingIfNeeded: UInt(bitPattern: key.hashValue) % UInt(parts.count))
  }

  private mutating func split() {
    let whole = parts[0]
    parts = [[Key: Value]](repeating: [:], count: Self.partCount)
    for (key, value) in whole { parts[place(of: key)][key] = value }
  }
}

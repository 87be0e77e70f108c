import Crypto

/// Numbers by texts that are kept as 64 bits of their SHA-256: twelve bytes an entry, at most half of the table empty.
///
/// Two texts of one fingerprint are expected once in some billions of entries; what is found through them is only ever
/// a
/// finding too many, never one too few of the tree, which covers every text whole.
struct FingerprintTable {
  private var keys: [UInt64] = Array(repeating: 0, count: 1 << 12)
  private var values: [UInt32] = Array(repeating: 0, count: 1 << 12)
  private var count = 0

  /// The fingerprint of a text, and of two whose border counts.
  static func fingerprint(_ text: String, _ second: String = "") -> UInt64 {
    let digest = SHA256Digest.hash(Array(text.utf8) + [0] + Array(second.utf8))
    let value = digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return value == 0 ? 1 : value
  }

  /// Puts a value and answers the one before; 0 where there was none.
  mutating func replace(_ key: UInt64, _ value: UInt32) -> UInt32 {
    if 2 * count >= keys.count { grow() }
    let slot = slot(of: key)
    if keys[slot] == 0 { count += 1 }
    keys[slot] = key
    defer { values[slot] = value }
    return values[slot]
  }

  private func slot(of key: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: key) & (keys.count - 1)
    while keys[slot] != 0 && keys[slot] != key { slot = (slot + 1) & (keys.count - 1) }
    return slot
  }

  private mutating func grow() {
    let (oldKeys, oldValues) = (keys, values)
    keys = Array(repeating: 0, count: 2 * oldKeys.count)
    values = Array(repeating: 0, count: 2 * oldKeys.count)
    for (index, key) in oldKeys.enumerated() where key != 0 {
      let slot = slot(of: key)
      (keys[slot], values[slot]) = (key, oldValues[index])
    }
  }
}

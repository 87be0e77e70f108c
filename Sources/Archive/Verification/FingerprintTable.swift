/// Numbers by 64-bit fingerprints of texts: at most half of the table is empty, twelve bytes an entry.
///
/// The fingerprints are keyed by the process's own secret, so nobody can choose two texts that have one. Where chance does,
/// what is found is looked up before it is told.
struct FingerprintTable {
  private var keys: [UInt64]
  private var values: [UInt32]
  private var count = 0

  /// Makes room for so many entries without growing.
  init(expecting entries: Int64) {
    var size = 1 << 12
    while Int64(size) / 2 < entries && size < 1 << 22 { size *= 2 }
    keys = Array(repeating: 0, count: size)
    values = Array(repeating: 0, count: size)
  }

  /// Puts a value, which is not 0, and answers the one before; 0 where there was none.
  mutating func replace(_ key: UInt64, _ value: UInt32) -> UInt32 {
    if 2 * count >= keys.count { grow() }
    let slot = slot(of: key)
    if keys[slot] == 0 {
      count += 1
      keys[slot] = key
    }
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

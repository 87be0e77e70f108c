/// Texts of one place in the records of a shape, one after the other.
struct LeafColumn {
  private(set) var bytes: [UInt8] = []
  private(set) var ends: [Int] = []

  var count: Int { ends.count }

  @inline(__always) mutating func append(_ text: ArraySlice<UInt8>) {
    bytes.append(contentsOf: text)
    ends.append(bytes.count)
  }

  @inline(__always) func range(_ row: Int) -> Range<Int> { (row == 0 ? 0 : ends[row - 1])..<ends[row] }

  func text(_ row: Int) -> ArraySlice<UInt8> { bytes[range(row)] }

  /// Lends the bytes and each row's place in them.
  func withTexts<Value>(_ body: (UnsafeBufferPointer<UInt8>, [Int]) -> Value) -> Value {
    bytes.withUnsafeBufferPointer { body($0, ends) }
  }

  /// True where all texts are the same.
  var isConstant: Bool {
    guard bytes.count == count * range(0).count else { return false }
    return (1..<count).allSatisfy { bytes[range($0)] == bytes[range(0)] }
  }

  /// The distinct texts in the order of their first use, and for each row which one it has; nil once there are too
  /// many.
  func distinct(atMost bound: Int) -> (first: [Int], picks: [Int])? {
    var firsts: [Int] = []
    var picks: [Int] = []
    picks.reserveCapacity(count)
    var slots = [Int](repeating: -1, count: 1 << (Int.bitWidth - (2 * bound + 1).leadingZeroBitCount))
    for row in 0..<count {
      let text = bytes[range(row)]
      // FNV-1a.
      var hash: UInt64 = 0xCBF2_9CE4_8422_2325
      for byte in text { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
      var slot = Int(truncatingIfNeeded: hash ^ hash >> 29) & (slots.count - 1)
      while slots[slot] >= 0, bytes[range(firsts[slots[slot]])] != text { slot = (slot + 1) & (slots.count - 1) }
      if slots[slot] < 0 {
        if firsts.count == bound { return nil }
        slots[slot] = firsts.count
        firsts.append(row)
      }
      picks.append(slots[slot])
    }
    return (firsts, picks)
  }
}

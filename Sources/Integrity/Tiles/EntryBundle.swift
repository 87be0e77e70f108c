/// The entries of a tile of level 0 (c2sp.org/tlog-tiles): each behind its length in two bytes, big-endian.
public enum EntryBundle {
  /// Joins entries, each at most 65,535 bytes.
  public static func bytes(_ entries: [[UInt8]]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(entries.reduce(0) { $0 + $1.count + 2 })
    for entry in entries {
      precondition(entry.count <= EventHash.longestEntry, "the bounds of an event keep its entry below 65,536 bytes")
      bytes.append(UInt8(entry.count >> 8))
      bytes.append(UInt8(entry.count & 0xFF))
      bytes += entry
    }
    return bytes
  }

  /// Parts a bundle.
  ///
  /// - Throws: `malformed` where the lengths do not lead to its end.
  public static func entries(_ bytes: [UInt8]) throws(IntegrityError) -> [[UInt8]] {
    var entries: [[UInt8]] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      guard rest.count >= 2 else { throw IntegrityError(.malformed, "an entry bundle ends in a length") }
      let length = Int(rest[rest.startIndex]) << 8 | Int(rest[rest.startIndex + 1])
      rest = rest.dropFirst(2)
      guard rest.count >= length else { throw IntegrityError(.malformed, "an entry bundle ends in an entry") }
      entries.append(Array(rest.prefix(length)))
      rest = rest.dropFirst(length)
    }
    return entries
  }
}

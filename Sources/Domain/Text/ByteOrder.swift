/// The order of many texts by their UTF-8 bytes.
public enum ByteOrder {
  /// The places of the texts, from 0, in the order of the texts; of equal texts the earlier one comes first.
  ///
  /// The bytes are laid side by side and compared there: to compare strings in an array is to count each of them up and down
  /// some twenty times.
  ///
  /// - Parameter groups: of each text, what it is ordered by first; none: only the texts count.
  public static func places(of texts: some Collection<String>, in groups: [Int64] = []) -> [Int] {
    var bytes: [UInt8] = []
    var ends: [Int] = []
    ends.reserveCapacity(texts.count)
    for text in texts {
      bytes.append(contentsOf: text.utf8)
      ends.append(bytes.count)
    }
    return bytes.withUnsafeBufferPointer { bytes in
      ends.withUnsafeBufferPointer { ends in
        ends.indices.sorted { left, right in
          if !groups.isEmpty && groups[left] != groups[right] { return groups[left] < groups[right] }
          let order = compare(bytes, range(ends, left), range(ends, right))
          return order != 0 ? order < 0 : left < right
        }
      }
    }
  }

  private static func range(_ ends: UnsafeBufferPointer<Int>, _ place: Int) -> Range<Int> {
    (place == 0 ? 0 : ends[place - 1])..<ends[place]
  }

  private static func compare(_ bytes: UnsafeBufferPointer<UInt8>, _ left: Range<Int>, _ right: Range<Int>) -> Int {
    let shared = min(left.count, right.count)
    var at = 0
    while at < shared, bytes[left.lowerBound + at] == bytes[right.lowerBound + at] { at += 1 }
    return at == shared
      ? left.count - right.count : Int(bytes[left.lowerBound + at]) - Int(bytes[right.lowerBound + at])
  }
}

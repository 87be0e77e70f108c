/// A text that is equal only to the same bytes: Swift's `String` merges texts that differ in Unicode normalisation.
public struct ExactText: Hashable, Comparable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  /// The text.
  public let string: String
  /// Wraps a text.
  public init(_ string: String) { self.string = string }
  /// Wraps a literal.
  public init(stringLiteral value: String) { self.init(value) }
  /// The text.
  public var description: String { string }
  /// Same bytes.
  public static func == (left: Self, right: Self) -> Bool {
    if left.string.utf8.count != right.string.utf8.count { return false }
    return left.string.withUTF8Bytes { a in
      right.string.withUTF8Bytes { b in
        a.count == b.count
          && JSONText.equal(UnsafeRawPointer(a.baseAddress), UnsafeRawPointer(b.baseAddress), count: a.count)
      }
    }
  }
  /// Hashes the bytes.
  public func hash(into hasher: inout Hasher) {
    string.withUTF8Bytes { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    hasher.combine(0xFF as UInt8)
  }
  /// Order of the UTF-8 bytes.
  public static func < (left: Self, right: Self) -> Bool {
    left.string.withUTF8Bytes { a in
      right.string.withUTF8Bytes { b in
        let shared = min(a.count, b.count)
        var at = 0
        while at < shared, a[at] == b[at] { at += 1 }
        return at < shared ? a[at] < b[at] : a.count < b.count
      }
    }
  }
}

extension String {
  /// Lends the UTF-8 bytes; a copy only where the text is not stored as contiguous UTF-8.
  func withUTF8Bytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    if let result = utf8.withContiguousStorageIfAvailable(body) { return result }
    return Array(utf8).withUnsafeBufferPointer(body)
  }
}

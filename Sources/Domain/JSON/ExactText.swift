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
  public static func == (left: Self, right: Self) -> Bool { left.string.utf8.elementsEqual(right.string.utf8) }
  /// Hashes the bytes.
  public func hash(into hasher: inout Hasher) {
    for byte in string.utf8 { hasher.combine(byte) }
    hasher.combine(0xFF as UInt8)
  }
  /// Order of the UTF-8 bytes.
  public static func < (left: Self, right: Self) -> Bool { left.string.utf8.lexicographicallyPrecedes(right.string.utf8) }
}

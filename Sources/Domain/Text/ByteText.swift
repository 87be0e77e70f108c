extension [UInt8] {
  /// Appends the bytes of a literal without making a `String`.
  @inlinable @inline(__always)
  public mutating func append(literal: StaticString) {
    append(contentsOf: UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
  }
}

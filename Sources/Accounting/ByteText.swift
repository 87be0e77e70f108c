extension [UInt8] {
  /// Appends the bytes of a literal without making a `String`.
  @inline(__always) mutating func append(literal: StaticString) {
    append(contentsOf: UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
  }
}

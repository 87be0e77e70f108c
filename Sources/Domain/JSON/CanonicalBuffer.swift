/// Canonical JSON that is written front to back into memory that is kept: for loops over millions of small texts.
///
/// Not `Sendable`: each loop has its own.
public final class CanonicalBuffer {
  private struct Room {
    var base: UnsafeMutablePointer<UInt8>
    var capacity: Int
    var count = 0
  }
  /// Beside the object, so that no write asks whether another one is under way.
  private let room: UnsafeMutablePointer<Room>

  /// Makes room, which grows as far as the longest text needs it.
  public init(capacity: Int = 4096) {
    room = .allocate(capacity: 1)
    room.initialize(to: Room(base: .allocate(capacity: capacity), capacity: capacity))
  }

  deinit {
    room.pointee.base.deallocate()
    room.deallocate()
  }

  /// How many bytes were written since the last `clear`.
  public var count: Int { room.pointee.count }

  /// What was written; valid until the next write.
  public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: room.pointee.base, count: count) }

  /// Begins another text.
  public func clear() { room.pointee.count = 0 }

  /// Room for so many bytes, which then count as written: the caller fills them.
  public func extend(by length: Int) -> UnsafeMutablePointer<UInt8> {
    let start = room.pointee.count
    if room.pointee.capacity - start < length { grow(by: length) }
    room.pointee.count = start + length
    return room.pointee.base + start
  }

  private func grow(by length: Int) {
    let capacity = max(2 * room.pointee.capacity, room.pointee.count + length)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    larger.update(from: room.pointee.base, count: room.pointee.count)
    room.pointee.base.deallocate()
    (room.pointee.base, room.pointee.capacity) = (larger, capacity)
  }

  /// Appends bytes as they are.
  public func append(_ bytes: UnsafeRawBufferPointer) {
    _ = JSONText.copy(bytes.assumingMemoryBound(to: UInt8.self), to: extend(by: bytes.count))
  }

  /// Appends the bytes of a literal.
  public func append(literal: StaticString) {
    let bytes = UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount)
    _ = JSONText.copy(bytes, to: extend(by: bytes.count))
  }

  /// Appends the quoted string of UTF-8 that lies elsewhere, with RFC 8785's minimal escapes.
  public func append(quoted text: UnsafeRawBufferPointer) {
    var sink = self
    JSONText.appendQuoted(text.assumingMemoryBound(to: UInt8.self), to: &sink)
  }

  /// Appends a decimal integer.
  public func append(integer value: Int64) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: DigitWriter.longestInteger) { digits in
      let start = DigitWriter.integer(value, into: digits)
      append(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(digits)[start...]))
    }
  }

  /// Appends a moment as `Timestamp.append` does.
  public func append(_ moment: Timestamp) {
    let length = Timestamp.textLength
    moment.write(into: UnsafeMutableBufferPointer(start: extend(by: length), count: length))
  }

  /// Appends the RFC 8785 form of a text that is being read.
  public func append(_ glance: JSONGlance) { append(glance.tape, 0) }

  /// Appends the RFC 8785 form of one value of a text.
  func append(_ tape: JSONTape, _ index: Int) {
    var sink = self
    tape.appendCanonical(index, to: &sink)
  }
}

/// What canonical bytes can be written to; within this room the writers are made anew for each kind.
protocol CanonicalSink {
  mutating func append(_ byte: UInt8)
  mutating func append(contentsOf bytes: UnsafeBufferPointer<UInt8>)
  mutating func append(literal: StaticString)
  /// A decimal integer.
  mutating func append(integer: Int64)
  /// Makes room, and takes what `body` writes there up to the end that it answers.
  mutating func append(upTo length: Int, _ body: (UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8>)
}

extension [UInt8]: CanonicalSink {
  mutating func append(integer: Int64) { JSONWriter.appendInteger(integer, to: &self) }
  mutating func append(upTo length: Int, _ body: (UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8>) {
    let before = count
    append(contentsOf: repeatElement(0, count: length))
    let written = withUnsafeMutableBufferPointer { buffer -> Int in
      guard let base = buffer.baseAddress else { return 0 }
      return body(base + before) - base
    }
    removeLast(count - written)
  }
}

extension CanonicalBuffer: CanonicalSink {
  func append(_ byte: UInt8) { extend(by: 1).pointee = byte }
  func append(contentsOf bytes: UnsafeBufferPointer<UInt8>) { append(UnsafeRawBufferPointer(bytes)) }
  func append(upTo length: Int, _ body: (UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8>) {
    let start = extend(by: length)
    room.pointee.count -= length - (body(start) - start)
  }
}

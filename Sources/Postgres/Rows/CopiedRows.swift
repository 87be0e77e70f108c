/// The rows of one binary copy after another, read front to back in memory that is kept.
///
/// For loops over millions of rows: a result of libpq puts each value into a place of its own and asks for it again with three
/// calls. What a field lends is valid until the next row is asked for. Not `Sendable`: each loop has its own.
public final class CopiedRows {
  /// How many columns each row has.
  public let columnCount: Int
  private var bytes: UnsafeMutableRawPointer
  private var capacity: Int
  private var count = 0
  private var at = 0
  /// Where each field of the row begins, and its length: -1 for NULL.
  @usableFromInline let places: UnsafeMutablePointer<FieldPlace>

  /// Where a field lies.
  @usableFromInline struct FieldPlace {
    @usableFromInline var start: UnsafeRawPointer
    @usableFromInline var length: Int
  }

  /// Makes room for rows of so many columns, which grows as far as the largest copy needs it.
  public init(columns: Int) {
    columnCount = columns
    capacity = 1 << 16
    bytes = .allocate(byteCount: capacity, alignment: 16)
    places = .allocate(capacity: columns)
    places.initialize(repeating: FieldPlace(start: bytes, length: -1), count: columns)
  }

  deinit {
    bytes.deallocate()
    places.deallocate()
  }

  /// Forgets what was copied before.
  func clear() { (count, at) = (0, 0) }

  /// Takes in what came over the wire.
  func append(_ piece: UnsafeRawBufferPointer) {
    if count + piece.count > capacity { grow(to: count + piece.count) }
    if let base = piece.baseAddress { (bytes + count).copyMemory(from: base, byteCount: piece.count) }
    count += piece.count
  }

  private func grow(to needed: Int) {
    capacity = max(2 * capacity, needed)
    let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
    larger.copyMemory(from: bytes, byteCount: count)
    bytes.deallocate()
    bytes = larger
  }

  /// `PGCOPY`, and three line ends that a transfer as text would spoil.
  static let signature: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00]

  /// Bytes that were taken in and not yet read over.
  var unread: Int { count - at }

  /// Takes the head of a copy away, which stands in front of its first row.
  func begin() throws(PostgresError) {
    let fixed = Self.signature.count + 8
    guard count >= fixed, UnsafeRawBufferPointer(start: bytes, count: fixed).starts(with: Self.signature),
      case let more = Int(bytes.loadUnaligned(fromByteOffset: fixed - 4, as: UInt32.self).bigEndian),
      count - fixed >= more
    else { throw Self.malformed }
    at = fixed + more
  }

  /// Takes the end of a copy away, which stands behind its last row: one that was cut off has none.
  func end() throws(PostgresError) {
    guard unread >= 2, bytes.loadUnaligned(fromByteOffset: count - 2, as: UInt16.self) == .max else {
      throw Self.malformed
    }
    count -= 2
  }

  /// Goes to the next row; false behind the last.
  ///
  /// - Throws: `PostgresError` `misuse` where the bytes are no binary copy of so many columns.
  public func next() throws(PostgresError) -> Bool {
    if at == count { return false }
    guard count - at >= 2,
      Int(Int16(bigEndian: bytes.loadUnaligned(fromByteOffset: at, as: Int16.self))) == columnCount
    else { throw Self.malformed }
    let base = UnsafeRawPointer(bytes)
    var start = at + 2
    for column in 0..<columnCount {
      guard count - start >= 4 else { throw Self.malformed }
      let length = Int(Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: start, as: Int32.self)))
      start += 4
      places[column] = FieldPlace(start: base + start, length: length)
      if length > 0 {
        guard count - start >= length else { throw Self.malformed }
        start += length
      }
    }
    at = start
    return true
  }

  private static var malformed: PostgresError {
    PostgresError(code: .misuse, message: "what was copied is no binary copy of as many columns as are read")
  }
}

// MARK: - Values

extension CopiedRows {
  /// Is the value NULL?
  @inlinable public func isNull(_ column: Int) -> Bool { place(column).length < 0 }

  /// The bytes of a value as they came over the wire; empty for NULL.
  @inlinable public func field(_ column: Int) -> UnsafeRawBufferPointer {
    let place = place(column)
    return UnsafeRawBufferPointer(start: place.start, count: max(0, place.length))
  }

  /// int8.
  @inlinable public func int64(_ column: Int) -> Int64 {
    Int64(bigEndian: value(column, of: 8).loadUnaligned(as: Int64.self))
  }

  /// int4.
  @inlinable public func int32(_ column: Int) -> Int32 {
    Int32(bigEndian: value(column, of: 4).loadUnaligned(as: Int32.self))
  }

  /// timestamptz in microseconds since 1970; `infinity` is `Int64.max`, `-infinity` is `Int64.min`.
  @inlinable public func timestamp(_ column: Int) -> Int64 {
    let microseconds = int64(column)
    if microseconds == .max || microseconds == .min { return microseconds }
    return microseconds + 946_684_800_000_000
  }

  /// The text of a jsonb, its version byte taken off; empty for NULL, and for a version that is not known.
  @inlinable public func json(_ column: Int) -> UnsafeRawBufferPointer {
    let field = field(column)
    guard field.count > 1, field[0] == 1 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(rebasing: field[1...])
  }

  @inlinable func value(_ column: Int, of length: Int) -> UnsafeRawPointer {
    let place = place(column)
    precondition(place.length == length, "a value is not of the length of its type, or NULL")
    return place.start
  }

  @inlinable func place(_ column: Int) -> FieldPlace {
    precondition(column >= 0 && column < columnCount, "no such field")
    return places[column]
  }
}

/// The binary form of values (PostgreSQL's `*_send` functions; arrays: `array_send` in arrayfuncs.c).
extension Parameter {
  /// jsonb starts with its version.
  private static let jsonbVersion: UInt8 = 1
  /// Dimensions, flags, element type, and for the one dimension its length and lower bound.
  private static let arrayHeaderSize = 20

  /// How many bytes `write(to:)` takes at most.
  var wireSize: Int {
    switch self {
    case .null: 0
    case .text(let text): text.utf8.count
    case .textBytes(let bytes), .bytes(let bytes): bytes.count
    case .int64, .timestamp: 8
    case .int32: 4
    case .boolean: 1
    case .json(let bytes): bytes.count + 1
    case .texts(let texts): texts.reduce(Self.arrayHeaderSize) { $0 + 4 + ($1?.utf8.count ?? 0) }
    case .textsBytes(let items), .bytesArray(let items):
      items.reduce(Self.arrayHeaderSize) { $0 + 4 + ($1?.count ?? 0) }
    case .jsons(let items): items.reduce(Self.arrayHeaderSize) { $0 + 5 + ($1?.count ?? 0) }
    case .int64s(let items), .timestamps(let items): Self.arrayHeaderSize + 12 * items.count
    case .int32s(let items): Self.arrayHeaderSize + 8 * items.count
    }
  }

  /// Writes the value; NULL writes nothing.
  func write(to cursor: inout WireCursor) {
    switch self {
    case .null: break
    case .text(let text): cursor.write(text)
    case .textBytes(let bytes), .bytes(let bytes): cursor.write(bytes)
    case .int64(let value): cursor.write(value)
    case .int32(let value): cursor.write(value)
    case .boolean(let value): cursor.write(UInt8(value ? 1 : 0))
    case .json(let bytes):
      cursor.write(Self.jsonbVersion)
      cursor.write(bytes)
    case .timestamp(let microseconds): cursor.write(Self.sincePostgresEpoch(microseconds))
    case .texts(let items):
      Self.writeArray(items, of: TypeID.text, to: &cursor) { text, cursor in
        cursor.write(Int32(text.utf8.count))
        cursor.write(text)
      }
    case .textsBytes(let items): Self.writeArray(items, of: TypeID.text, to: &cursor, Self.writeSized)
    case .bytesArray(let items): Self.writeArray(items, of: TypeID.bytea, to: &cursor, Self.writeSized)
    case .jsons(let items):
      Self.writeArray(items, of: TypeID.jsonb, to: &cursor) { bytes, cursor in
        cursor.write(Int32(bytes.count + 1))
        cursor.write(Self.jsonbVersion)
        cursor.write(bytes)
      }
    case .int64s(let items):
      Self.writeArray(items, of: TypeID.int8, to: &cursor) { value, cursor in
        cursor.write(Int32(8))
        cursor.write(value)
      }
    case .int32s(let items):
      Self.writeArray(items, of: TypeID.int4, to: &cursor) { value, cursor in
        cursor.write(Int32(4))
        cursor.write(value)
      }
    case .timestamps(let items):
      Self.writeArray(items, of: TypeID.timestamptz, to: &cursor) { microseconds, cursor in
        cursor.write(Int32(8))
        cursor.write(Self.sincePostgresEpoch(microseconds))
      }
    }
  }

  @inline(__always)
  private static func writeArray<Item>(
    _ items: [Item?], of type: UInt32, to cursor: inout WireCursor, _ writeItem: (Item, inout WireCursor) -> Void
  ) {
    cursor.write(Int32(items.isEmpty ? 0 : 1))
    // "May hold NULLs": the server accepts 0 or 1 and finds out for itself.
    cursor.write(Int32(1))
    cursor.write(type)
    if items.isEmpty { return }
    cursor.write(Int32(items.count))
    cursor.write(Int32(1))
    for item in items {
      if let item { writeItem(item, &cursor) } else { cursor.write(Int32(-1)) }
    }
  }

  private static func writeSized(_ bytes: [UInt8], _ cursor: inout WireCursor) {
    cursor.write(Int32(bytes.count))
    cursor.write(bytes)
  }

  /// Times that Postgres cannot hold stay out of its range, so that it refuses them.
  private static func sincePostgresEpoch(_ microseconds: Int64) -> Int64 {
    let (value, overflows) = microseconds.subtractingReportingOverflow(postgresEpoch)
    return overflows ? Int64.min + 1 : value
  }
}

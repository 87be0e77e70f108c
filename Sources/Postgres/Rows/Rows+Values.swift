/// Reading values as Swift's types.
extension Rows {
  /// int2, int4, int8 or oid.
  public func int64(_ row: Int, _ column: Int) -> Int64 {
    let field = value(row, column)
    guard isBinary(column) else {
      guard let number = Int64(String(decoding: field, as: UTF8.self)) else { wrongType(column, "an integer") }
      return number
    }
    switch field.count {
    case 8: return Int64(bigEndian: field.loadUnaligned(as: Int64.self))
    case 4 where typeID(column) == TypeID.oid: return Int64(UInt32(bigEndian: field.loadUnaligned(as: UInt32.self)))
    case 4: return Int64(Int32(bigEndian: field.loadUnaligned(as: Int32.self)))
    case 2: return Int64(Int16(bigEndian: field.loadUnaligned(as: Int16.self)))
    default: wrongType(column, "an integer")
    }
  }

  /// int2, int4 or int8; nil for NULL.
  public func optionalInt64(_ row: Int, _ column: Int) -> Int64? { isNull(row, column) ? nil : int64(row, column) }

  /// bool.
  public func boolean(_ row: Int, _ column: Int) -> Bool {
    let field = value(row, column)
    guard field.count == 1 else { wrongType(column, "a bool") }
    return field[0] == 1 || field[0] == UInt8(ascii: "t")
  }

  /// A text; also numbers, bool, numeric, date, uuid, timestamptz, json and jsonb in Postgres's own spelling.
  public func string(_ row: Int, _ column: Int) -> String {
    let field = value(row, column)
    guard isBinary(column) else { return String(decoding: field, as: UTF8.self) }
    switch typeID(column) {
    case TypeID.text, TypeID.varchar, TypeID.name, TypeID.bpchar, TypeID.json, TypeID.unknown:
      return String(decoding: field, as: UTF8.self)
    case let type:
      guard let text = Self.text(of: field, type: type) else { wrongType(column, "a text: cast it to text") }
      return text
    }
  }

  /// A text; nil for NULL.
  public func optionalString(_ row: Int, _ column: Int) -> String? { isNull(row, column) ? nil : string(row, column) }

  /// bytea, or the bytes of a text.
  public func bytes(_ row: Int, _ column: Int) -> [UInt8] {
    let field = value(row, column)
    return isBinary(column) || typeID(column) != TypeID.bytea ? [UInt8](field) : Self.bytes(hex: field)
  }

  /// bytea, or the bytes of a text; nil for NULL.
  public func optionalBytes(_ row: Int, _ column: Int) -> [UInt8]? { isNull(row, column) ? nil : bytes(row, column) }

  /// The text of a jsonb (its version byte taken off) or json.
  public func json(_ row: Int, _ column: Int) -> [UInt8] {
    withJSON(row, column) { [UInt8]($0) }
  }

  /// The text of a jsonb or json; nil for NULL.
  public func optionalJSON(_ row: Int, _ column: Int) -> [UInt8]? { isNull(row, column) ? nil : json(row, column) }

  /// Lends the text of a jsonb (its version byte taken off) or json without a copy.
  public func withJSON<Value>(
    _ row: Int, _ column: Int, _ body: (UnsafeRawBufferPointer) throws -> Value
  ) rethrows -> Value {
    let field = value(row, column)
    let hasVersion = isBinary(column) && typeID(column) == TypeID.jsonb
    return try body(hasVersion ? UnsafeRawBufferPointer(rebasing: field.dropFirst()) : field)
  }

  /// timestamptz in microseconds since 1970; `infinity` is `Int64.max`, `-infinity` is `Int64.min`.
  public func timestamp(_ row: Int, _ column: Int) -> Int64 {
    let field = value(row, column)
    guard isBinary(column), field.count == 8 else { wrongType(column, "a timestamptz in binary form") }
    let microseconds = Int64(bigEndian: field.loadUnaligned(as: Int64.self))
    if microseconds == .max || microseconds == .min { return microseconds }
    return microseconds + Parameter.postgresEpoch
  }

  /// timestamptz in microseconds since 1970; nil for NULL.
  public func optionalTimestamp(_ row: Int, _ column: Int) -> Int64? {
    isNull(row, column) ? nil : timestamp(row, column)
  }

  private func wrongType(_ column: Int, _ wanted: String) -> Never {
    preconditionFailure("\(columnNames[column]) (type \(typeID(column))) is not \(wanted)")
  }

  /// Reads `\x…`.
  private static func bytes(hex field: UnsafeRawBufferPointer) -> [UInt8] {
    func digit(_ character: UInt8) -> UInt8 {
      character <= UInt8(ascii: "9") ? character - UInt8(ascii: "0") : character - UInt8(ascii: "a") + 10
    }
    return stride(from: 2, to: field.count - 1, by: 2).map { digit(field[$0]) << 4 | digit(field[$0 + 1]) }
  }
}

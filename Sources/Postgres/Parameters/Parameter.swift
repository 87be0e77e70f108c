/// A bound value, sent in binary form with its type.
public enum Parameter: Sendable {
  /// NULL, of the type that Postgres infers.
  case null
  /// `text`.
  case text(String)
  /// `text` from UTF-8.
  case textBytes([UInt8])
  /// `bytea`.
  case bytes([UInt8])
  /// `int8`.
  case int64(Int64)
  /// `int4`.
  case int32(Int32)
  /// `bool`.
  case boolean(Bool)
  /// `jsonb` from JSON text.
  case json([UInt8])
  /// `timestamptz` from microseconds since 1970.
  case timestamp(Int64)
  /// `text[]`.
  case texts([String?])
  /// `text[]` from UTF-8.
  case textsBytes([[UInt8]?])
  /// `bytea[]`.
  case bytesArray([[UInt8]?])
  /// `int8[]`.
  case int64s([Int64?])
  /// `int4[]`.
  case int32s([Int32?])
  /// `jsonb[]` from JSON texts.
  case jsons([[UInt8]?])
  /// `timestamptz[]` from microseconds since 1970.
  case timestamps([Int64?])
}

/// The object identifiers of Postgres's own types (pg_type.dat), which never change.
enum TypeID {
  static let boolean: UInt32 = 16
  static let bytea: UInt32 = 17
  static let name: UInt32 = 19
  static let int8: UInt32 = 20
  static let int2: UInt32 = 21
  static let int4: UInt32 = 23
  static let text: UInt32 = 25
  static let oid: UInt32 = 26
  static let json: UInt32 = 114
  static let float4: UInt32 = 700
  static let float8: UInt32 = 701
  static let unknown: UInt32 = 705
  static let int4Array: UInt32 = 1007
  static let byteaArray: UInt32 = 1001
  static let textArray: UInt32 = 1009
  static let int8Array: UInt32 = 1016
  static let bpchar: UInt32 = 1042
  static let varchar: UInt32 = 1043
  static let date: UInt32 = 1082
  static let timestamptz: UInt32 = 1184
  static let timestamptzArray: UInt32 = 1185
  static let numeric: UInt32 = 1700
  static let uuid: UInt32 = 2950
  static let jsonb: UInt32 = 3802
  static let jsonbArray: UInt32 = 3807
}

extension Parameter {
  /// The type it is sent as; 0 lets Postgres infer it.
  var typeID: UInt32 {
    switch self {
    case .null: 0
    case .text, .textBytes: TypeID.text
    case .bytes: TypeID.bytea
    case .int64: TypeID.int8
    case .int32: TypeID.int4
    case .boolean: TypeID.boolean
    case .json: TypeID.jsonb
    case .timestamp: TypeID.timestamptz
    case .texts, .textsBytes: TypeID.textArray
    case .bytesArray: TypeID.byteaArray
    case .int64s: TypeID.int8Array
    case .int32s: TypeID.int4Array
    case .jsons: TypeID.jsonbArray
    case .timestamps: TypeID.timestamptzArray
    }
  }

  /// Microseconds between 1970 and 2000, where Postgres starts to count.
  static let postgresEpoch: Int64 = 946_684_800_000_000
}

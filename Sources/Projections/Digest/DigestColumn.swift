import Domain
import Postgres

/// A column as the digest sees it.
struct DigestColumn {
  enum Form { case text, number, boolean, json }
  var name: String
  var form: Form
  var isText: Bool
  /// Gives a text, or a boolean.
  var expression: String

  /// The columns of a table but `ledger_id`, in the order of RFC 8785 (names are ASCII: their bytes).
  static func read(_ schema: String, _ table: String, on connection: Connection) throws -> [DigestColumn] {
    let rows = try connection.execute(
      """
      SELECT a.attname::text, a.atttypid::regtype::text
      FROM pg_attribute AS a
      WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped AND a.attname <> 'ledger_id'
      ORDER BY a.attname COLLATE "C"
      """, [.text("\(schema).\(table)")])
    return (0..<rows.count).map { column(rows.string($0, 0), type: rows.string($0, 1)) }
  }

  /// How a column of a type, as `regtype` spells it, is written.
  static func column(_ name: String, type: String) -> DigestColumn {
    let quoted = Connection.quoted(name)
    return switch type {
    case "smallint", "integer", "bigint":
      DigestColumn(name: name, form: .number, isText: false, expression: "\(quoted)::text")
    case "numeric":
      DigestColumn(name: name, form: .text, isText: false, expression: "trim_scale(\(quoted))::text")
    case "boolean":
      DigestColumn(name: name, form: .boolean, isText: false, expression: quoted)
    case "json", "jsonb":
      DigestColumn(name: name, form: .json, isText: false, expression: "\(quoted)::text")
    case "timestamp with time zone":
      DigestColumn(
        name: name, form: .text, isText: false,
        expression: "to_char(\(quoted) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
    case "text", "character varying":
      DigestColumn(name: name, form: .text, isText: true, expression: quoted)
    default:
      DigestColumn(name: name, form: .text, isText: false, expression: "\(quoted)::text")
    }
  }

  /// The canonical object of a row and a line feed.
  static func line(_ columns: [DigestColumn], _ rows: Rows, _ row: Int) -> [UInt8] {
    var bytes: [UInt8] = [UInt8(ascii: "{")]
    for (index, column) in columns.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      JSONWriter.appendString(column.name, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      column.append(rows, row, index, to: &bytes)
    }
    bytes += [UInt8(ascii: "}"), UInt8(ascii: "\n")]
    return bytes
  }

  private func append(_ rows: Rows, _ row: Int, _ index: Int, to bytes: inout [UInt8]) {
    if rows.isNull(row, index) { return bytes += Array("null".utf8) }
    switch form {
    case .text: JSONWriter.appendString(rows.string(row, index), to: &bytes)
    case .boolean: bytes += Array((rows.boolean(row, index) ? "true" : "false").utf8)
    case .number:
      let text = rows.string(row, index)
      if let value = Int64(text), value.magnitude <= 1 << 53 - 1 {
        bytes += Array(text.utf8)
      } else {
        JSONWriter.appendString(text, to: &bytes)
      }
    case .json:
      let text = rows.bytes(row, index)
      // What the ledger took holds no floats; a fold that makes some gets Postgres's own spelling, which is stable too.
      if let value = try? JSON(parsing: text, limits: JSONLimits(depth: 64, bytes: 64 << 20)) {
        value.appendCanonical(to: &bytes)
      } else {
        JSONWriter.appendString(String(decoding: text, as: UTF8.self), to: &bytes)
      }
    }
  }
}

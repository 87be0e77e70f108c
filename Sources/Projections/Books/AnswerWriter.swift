import Domain
import Postgres

/// Writes rows of an answer as JSON, CSV or lines of JSON.
struct AnswerWriter: Sendable {
  let format: BookFormat
  let columns: [QueryColumn]
  private var isFirst = true

  init(_ format: BookFormat, _ columns: [QueryColumn]) {
    self.format = format
    self.columns = columns
  }

  /// What comes before the rows.
  func head(of answer: BookAnswer) -> [UInt8] {
    switch format {
    case .ndjson: return []
    case .csv:
      return Array(columns.map { Self.quoted($0.name) }.joined(separator: ",").utf8) + Self.lineEnd
    case .json:
      var bytes: [UInt8] = []
      bytes += Array("{\"projection\":".utf8)
      JSONWriter.appendString(answer.definition.name, to: &bytes)
      bytes += Array(",\"version\":\(answer.definition.version),\"query\":".utf8)
      JSONWriter.appendString(answer.query.name, to: &bytes)
      bytes += Array(",\"ledger\":".utf8)
      JSONWriter.appendString(answer.ledger, to: &bytes)
      bytes += Array(",\"position\":\(answer.position),\"recordedtime\":".utf8)
      if let time = answer.recordedTime {
        JSONWriter.appendString(time.description, to: &bytes)
      } else {
        bytes += Array("null".utf8)
      }
      return bytes + Array(",\"rows\":[".utf8)
    }
  }

  /// What comes after the rows.
  var tail: [UInt8] { format == .json ? Array("]}\n".utf8) : [] }

  /// Appends rows.
  mutating func append(_ rows: Rows, persons: [String: String], to bytes: inout [UInt8]) {
    for row in 0..<rows.count {
      switch format {
      case .csv: appendLine(rows, row, persons, to: &bytes)
      case .json:
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        appendObject(rows, row, persons, to: &bytes)
      case .ndjson:
        appendObject(rows, row, persons, to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
      }
      isFirst = false
    }
  }

  private func appendObject(_ rows: Rows, _ row: Int, _ persons: [String: String], to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "{"))
    for (index, column) in columns.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      JSONWriter.appendString(column.name, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      if rows.isNull(row, index) {
        bytes += Array("null".utf8)
        continue
      }
      switch column.type {
      case .integer, .boolean: bytes += rows.bytes(row, index)
      case .json: bytes += Self.compact(rows.bytes(row, index))
      case .person:
        let token = rows.string(row, index)
        JSONWriter.appendString(persons[token] ?? token, to: &bytes)
      case .text, .date, .amount, .timestamp: JSONWriter.appendString(rows.string(row, index), to: &bytes)
      }
    }
    bytes.append(UInt8(ascii: "}"))
  }

  /// RFC 4180: NULL is nothing, an empty text is `""`.
  private func appendLine(_ rows: Rows, _ row: Int, _ persons: [String: String], to bytes: inout [UInt8]) {
    for (index, column) in columns.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      if rows.isNull(row, index) { continue }
      switch column.type {
      case .integer, .boolean, .amount, .date, .timestamp: bytes += rows.bytes(row, index)
      case .json:
        bytes += Array(Self.quoted(String(decoding: Self.compact(rows.bytes(row, index)), as: UTF8.self)).utf8)
      case .person:
        let token = rows.string(row, index)
        bytes += Array(Self.quoted(persons[token] ?? token).utf8)
      case .text: bytes += Array(Self.quoted(rows.string(row, index)).utf8)
      }
    }
    bytes += Self.lineEnd
  }

  private static let lineEnd: [UInt8] = [UInt8(ascii: "\r"), UInt8(ascii: "\n")]

  /// A field, in quotation marks where it holds what CSV gives a meaning to.
  static func quoted(_ text: String) -> String {
    let utf8 = text.utf8
    let needsQuotes =
      utf8.isEmpty
      || utf8.contains {
        $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n")
      } || utf8.first == UInt8(ascii: " ") || utf8.last == UInt8(ascii: " ")
    guard needsQuotes else { return text }
    var field: [UInt8] = [UInt8(ascii: "\"")]
    for byte in utf8 {
      if byte == UInt8(ascii: "\"") { field.append(byte) }
      field.append(byte)
    }
    field.append(UInt8(ascii: "\""))
    return String(decoding: field, as: UTF8.self)
  }

  /// Postgres spells jsonb with spaces; answers are canonical where the ledger's number rule allows it.
  private static func compact(_ text: [UInt8]) -> [UInt8] {
    (try? JSON(parsing: text, limits: JSONLimits(depth: 64, bytes: 64 << 20)))?.canonical ?? text
  }
}

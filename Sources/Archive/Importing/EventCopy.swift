import Crypto
import Domain

/// Rows of `daybook.events` in the text form of COPY.
enum EventCopy {
  static let sql = """
    COPY daybook.events (
      ledger_id, position, id, source, type, type_version, subject, sequence, occurred_at, recorded_at, actor, actor_kind,
      correlation_id, causation_id, traceparent, data, personal, salt, personal_hash, derived, payload_hash)
    FROM STDIN
    """

  static func append(_ event: RecordedEvent, to row: inout [UInt8]) {
    text(event.ledger, &row, end: tab)
    integer(event.position, &row)
    text(event.id, &row, end: tab)
    text(event.source, &row, end: tab)
    text(event.type, &row, end: tab)
    integer(Int64(event.typeVersion), &row)
    text(event.subject, &row, end: tab)
    integer(event.sequence, &row)
    event.occurredAt.append(to: &row)
    row.append(tab)
    event.recordedAt.append(to: &row)
    row.append(tab)
    text(event.actor, &row, end: tab)
    text(event.actorKind.rawValue, &row, end: tab)
    text(event.correlationID, &row, end: tab)
    text(event.causationID, &row, end: tab)
    text(event.traceparent, &row, end: tab)
    bytes(event.data, &row, end: tab)
    bytes(event.personal, &row, end: tab)
    hex(event.salt, &row, end: tab)
    hex(event.personalHash, &row, end: tab)
    bytes(event.derived, &row, end: tab)
    hex(event.payloadHash, &row, end: UInt8(ascii: "\n"))
  }

  private static let tab = UInt8(ascii: "\t")

  private static func integer(_ value: Int64, _ row: inout [UInt8]) {
    JSONWriter.appendInteger(value, to: &row)
    row.append(tab)
  }

  private static func text(_ text: String?, _ row: inout [UInt8], end: UInt8) {
    bytes(text.map { Array($0.utf8) }, &row, end: end)
  }

  private static func bytes(_ bytes: [UInt8]?, _ row: inout [UInt8], end: UInt8) {
    guard let bytes else { return null(&row, end: end) }
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "\\"): row += [byte, byte]
      case UInt8(ascii: "\n"): row += "\\n".utf8
      case UInt8(ascii: "\r"): row += "\\r".utf8
      case tab: row += "\\t".utf8
      default: row.append(byte)
      }
    }
    row.append(end)
  }

  private static func hex(_ bytes: [UInt8]?, _ row: inout [UInt8], end: UInt8) {
    guard let bytes else { return null(&row, end: end) }
    row += "\\\\x".utf8
    Hex.append(bytes, to: &row)
    row.append(end)
  }

  private static func null(_ row: inout [UInt8], end: UInt8) {
    row += "\\N".utf8
    row.append(end)
  }
}

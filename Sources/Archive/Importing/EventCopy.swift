import Domain
import Postgres

/// Rows of `daybook.events` as a binary copy takes them.
enum EventCopy {
  static let sql = """
    COPY daybook.events (
      ledger_id, position, id, source, type, type_version, subject, sequence, occurred_at, recorded_at, actor, actor_kind,
      correlation_id, causation_id, traceparent, data, personal, salt, personal_hash, derived, payload_hash)
    FROM STDIN (FORMAT binary)
    """

  static func row(_ event: RecordedEvent) -> [Parameter] {
    [
      .text(event.ledger), .int64(event.position), .text(event.id), .text(event.source), .text(event.type),
      .int32(Int32(event.typeVersion)), .text(event.subject), .int64(event.sequence),
      .timestamp(event.occurredAt.microseconds), .timestamp(event.recordedAt.microseconds), .text(event.actor),
      .text(event.actorKind.rawValue), text(event.correlationID), text(event.causationID), text(event.traceparent),
      .json(event.data), json(event.personal), bytes(event.salt), bytes(event.personalHash), json(event.derived),
      .bytes(event.payloadHash),
    ]
  }

  private static func text(_ text: String?) -> Parameter { text.map { .text($0) } ?? .null }

  private static func json(_ bytes: [UInt8]?) -> Parameter { bytes.map { .json($0) } ?? .null }

  private static func bytes(_ bytes: [UInt8]?) -> Parameter { bytes.map { .bytes($0) } ?? .null }
}

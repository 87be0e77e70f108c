import Crypto
public import Domain
public import Postgres

/// Writes one event after another from copied rows of `EventColumns.list`: as the line of an export, or as the entry that the
/// event's leaf is the hash of. Both have the same keys in the same order; a line has some more.
public struct EventRowWriter {
  private let rows: CopiedRows
  private let text: CanonicalBuffer
  /// As JSON has it.
  private let ledger: [UInt8]

  /// Makes a writer of the row that is being read, whichever that is, behind what the buffer holds.
  public init(_ rows: CopiedRows, _ text: CanonicalBuffer, ledger: String) {
    (self.rows, self.text) = (rows, text)
    var quoted: [UInt8] = []
    JSONWriter.appendString(ledger, to: &quoted)
    self.ledger = quoted
  }

  /// Writes the canonical entry, as `EventHash.entry` does; nothing bounds its length.
  public func writeEntry() { write(isLine: false) }

  /// Writes the line, as `RecordLines` describes it.
  func writeLine() {
    write(isLine: true)
    text.append(literal: "\n")
  }

  private func write(isLine: Bool) {
    string("{\"actor\":", EventColumns.actor)
    string(",\"actorkind\":", EventColumns.actorKind)
    string(",\"causationid\":", EventColumns.causationID)
    string(",\"correlationid\":", EventColumns.correlationID)
    if isLine {
      json(",\"data\":", EventColumns.data)
      json(",\"derived\":", EventColumns.derived)
    }
    string(",\"id\":", EventColumns.id)
    text.append(literal: ",\"ledger\":")
    ledger.withUnsafeBytes { text.append($0) }
    hex(",\"payloadhash\":\"", EventColumns.payloadHash)
    if isLine {
      json(",\"personal\":", EventColumns.personal)
      hex(",\"personalhash\":\"", EventColumns.personalHash)
    }
    number(",\"position\":", rows.int64(EventColumns.position))
    time(",\"recordedtime\":\"", EventColumns.recordedAt)
    if isLine { hex(",\"salt\":\"", EventColumns.salt) }
    number(",\"sequence\":", rows.int64(EventColumns.sequence))
    string(",\"source\":", EventColumns.source)
    string(",\"subject\":", EventColumns.subject)
    time(",\"time\":\"", EventColumns.occurredAt)
    string(",\"traceparent\":", EventColumns.traceparent)
    string(",\"type\":", EventColumns.type)
    number(",\"typeversion\":", Int64(rows.int32(EventColumns.typeVersion)))
    text.append(literal: "}")
  }

  private func string(_ name: StaticString, _ column: Int) {
    if rows.isNull(column) { return }
    text.append(literal: name)
    text.append(quoted: rows.field(column))
  }

  /// In Postgres's spelling, which is never parsed.
  private func json(_ name: StaticString, _ column: Int) {
    if rows.isNull(column) { return }
    text.append(literal: name)
    text.append(rows.json(column))
  }

  private func hex(_ name: StaticString, _ column: Int) {
    if rows.isNull(column) { return }
    text.append(literal: name)
    let bytes = rows.field(column)
    Hex.write(bytes, to: text.extend(by: 2 * bytes.count))
    text.append(literal: "\"")
  }

  private func number(_ name: StaticString, _ value: Int64) {
    text.append(literal: name)
    text.append(integer: value)
  }

  private func time(_ name: StaticString, _ column: Int) {
    text.append(literal: name)
    text.append(Timestamp(microseconds: rows.timestamp(column)))
    text.append(literal: "\"")
  }
}

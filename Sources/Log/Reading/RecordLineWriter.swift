import Crypto
import Domain
import Postgres

/// Writes the line of one event after another from rows of `EventColumns.list`.
struct RecordLineWriter {
  private let rows: CopiedRows
  private let line: CanonicalBuffer
  /// As JSON has it.
  private let ledger: [UInt8]

  init(_ rows: CopiedRows, _ line: CanonicalBuffer, ledger: String) {
    (self.rows, self.line) = (rows, line)
    var quoted: [UInt8] = []
    JSONWriter.appendString(ledger, to: &quoted)
    self.ledger = quoted
  }

  /// Writes the line of the row that is being read.
  func writeLine() {
    text("{\"actor\":", 9)
    text(",\"actorkind\":", 10)
    text(",\"causationid\":", 12)
    text(",\"correlationid\":", 11)
    json(",\"data\":", 14)
    json(",\"derived\":", 18)
    text(",\"id\":", 1)
    line.append(literal: ",\"ledger\":")
    ledger.withUnsafeBytes { line.append($0) }
    hex(",\"payloadhash\":\"", 19)
    json(",\"personal\":", 15)
    hex(",\"personalhash\":\"", 17)
    number(",\"position\":", rows.int64(0))
    time(",\"recordedtime\":\"", 8)
    hex(",\"salt\":\"", 16)
    number(",\"sequence\":", rows.int64(6))
    text(",\"source\":", 2)
    text(",\"subject\":", 5)
    time(",\"time\":\"", 7)
    text(",\"traceparent\":", 13)
    text(",\"type\":", 3)
    number(",\"typeversion\":", Int64(rows.int32(4)))
    line.append(literal: "}\n")
  }

  private func text(_ name: StaticString, _ column: Int) {
    if rows.isNull(column) { return }
    line.append(literal: name)
    line.append(quoted: rows.field(column))
  }

  /// In Postgres's spelling, which is never parsed.
  private func json(_ name: StaticString, _ column: Int) {
    if rows.isNull(column) { return }
    line.append(literal: name)
    line.append(rows.json(column))
  }

  private func hex(_ name: StaticString, _ column: Int) {
    if rows.isNull(column) { return }
    line.append(literal: name)
    let bytes = rows.field(column)
    Hex.write(bytes, to: line.extend(by: 2 * bytes.count))
    line.append(literal: "\"")
  }

  private func number(_ name: StaticString, _ value: Int64) {
    line.append(literal: name)
    line.append(value)
  }

  private func time(_ name: StaticString, _ column: Int) {
    line.append(literal: name)
    line.append(Timestamp(microseconds: rows.timestamp(column)))
    line.append(literal: "\"")
  }
}

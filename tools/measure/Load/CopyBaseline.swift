import Foundation
import Postgres

/// Raw COPY of events into a table like theirs: what Postgres itself can take.
struct CopyBaseline {
  static let table = "bench.copied"
  private let connection: Connection
  private let file: String

  init(_ deployment: Deployment) throws {
    connection = try deployment.connect()
    // In a folder that the server's account may write to.
    file = "\(deployment.settings.folder)/postgres/rows"
    try connection.script(
      """
      CREATE SCHEMA bench;
      CREATE TABLE \(Self.table) (LIKE daybook.events INCLUDING ALL)
      """)
  }

  /// Copies the rows from `first` to `last` in one binary COPY; answers the seconds it took, and the server's own.
  func copy(_ first: Int64, _ last: Int64) throws -> (seconds: Double, serverSeconds: Double) {
    try connection.execute(
      """
      COPY (
        SELECT * FROM daybook.events WHERE ledger_id = 'main' AND position BETWEEN \(first) AND \(last) ORDER BY position
      ) TO '\(file)' (FORMAT binary)
      """, isPrepared: false)
    let rows = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
    var at = 0
    let before = ProcessUse.seconds(of: connection.backendPID)
    let started = ContinuousClock.now
    let copied = try connection.copyIn("COPY \(Self.table) FROM STDIN (FORMAT binary)") {
      guard at < rows.count else { return nil }
      let piece = Array(rows[at..<min(at + 64 << 10, rows.count)])
      at += piece.count
      return piece
    }
    let seconds = (ContinuousClock.now - started).inSeconds
    guard copied == last - first + 1 else { throw MeasureError("COPY took \(copied) rows") }
    return (seconds, ProcessUse.seconds(of: connection.backendPID) - before)
  }

  func close() { connection.close() }
}

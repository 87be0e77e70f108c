import Postgres

/// At which positions posters keep a copy of the book, and who hears where that fails.
struct SnapshotSchedule: Sendable {
  /// Positions between two snapshots; 0: none are taken.
  var interval: Int64
  /// Told what an operator should hear.
  var tell: @Sendable (String) -> Void

  /// A book may grow to this size before its snapshots move apart: copying it takes a moment.
  private static let smallBytes: Int64 = 1 << 20
  /// Bytes of a larger book that are copied for each event that lies between two snapshots, at most: copying them takes a
  /// fraction of folding the event.
  private static let bytesAnEvent: Int64 = 32

  /// Takes none.
  static let none = SnapshotSchedule(interval: 0) { _ in }

  /// The first position after `floor` at which one is due: no batch goes beyond it.
  func next(after floor: Int64) -> Int64 {
    guard interval > 0 else { return .max }
    let (next, isTooLarge) = (floor / interval + 1).multipliedReportingOverflow(by: interval)
    return isTooLarge ? .max : next
  }

  /// True where one is due.
  func isDue(at position: Int64) -> Bool { interval > 0 && position > 0 && position % interval == 0 }

  /// Positions between two snapshots of a book that has so many bytes.
  func spacing(bytes: Int64) -> Int64 {
    var spacing = interval
    while bytes > Self.smallBytes, bytes / Self.bytesAnEvent > spacing { spacing *= 2 }
    return spacing
  }

  /// Keeps one inside the transaction that posted up to `position`. What goes wrong is told and leaves the transaction as
  /// it was: a book is never held up by its snapshots.
  func take(_ build: ProjectionBuild, ledger: String, at position: Int64, on connection: Connection) throws {
    try connection.script("SAVEPOINT book_snapshot")
    do {
      let bytes = try BookSnapshot.newestBytes(build, ledger: ledger, on: connection)
      // A book that numbers its rows by a sequence would go on from 1 in a replay.
      if try position % spacing(bytes: bytes) == 0 && !hasSequence(build.schema, on: connection) {
        try BookSnapshot.keep(build, ledger: ledger, at: position, on: connection)
        try BookSnapshot.thin(build, ledger: ledger, interval: interval, on: connection)
      }
      try connection.script("RELEASE SAVEPOINT book_snapshot")
    } catch {
      guard connection.isOpen else { throw error }
      try connection.script("ROLLBACK TO SAVEPOINT book_snapshot; RELEASE SAVEPOINT book_snapshot")
      tell("no snapshot of \(build.projection) of \(ledger) at position \(position): \(error)")
    }
  }

  private func hasSequence(_ schema: String, on connection: Connection) throws -> Bool {
    try connection.execute(
      "SELECT EXISTS (SELECT FROM pg_class WHERE relnamespace = to_regnamespace($1) AND relkind = 'S')",
      [.text(schema)]
    ).boolean(0, 0)
  }
}

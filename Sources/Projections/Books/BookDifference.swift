public import Postgres

/// A sum of a book that differs from the same sum over the log.
public struct BookDifference: Sendable, Equatable {
  /// The book.
  public var projection: String
  /// Whose book.
  public var ledger: String
  /// Which sum, such as `cost USD` or `calls`.
  public var measure: String
  /// The book's sum.
  public var book: String
  /// The log's sum at the same position.
  public var log: String
  /// That position.
  public var position: Int64
}

extension BookDifference {
  /// Compares every book that has a `reconcile.sql` with the log, each at its own position; empty when all agree.
  ///
  /// Reads the whole log of the ledger: for tests, audits and a slow metric, not for every request. The connection's
  /// login must be a member of `daybook_projector`, which alone sees both sides.
  public static func reconcile(_ connection: Connection, ledger: String) throws -> [BookDifference] {
    try connection.transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL ROLE daybook_projector") {
      try ProjectionRegistry().builds(on: connection).filter { $0.state == .live }.flatMap {
        try reconcile($0, ledger: ledger, on: connection)
      }
    }
  }

  /// The books that ``reconcile(_:ledger:)`` compares: those that are live, have posted of this ledger and say how.
  public static func compared(_ connection: Connection, ledger: String) throws -> [String] {
    try connection.transaction("BEGIN READ ONLY; SET LOCAL ROLE daybook_projector") {
      let rows = try connection.execute(
        "SELECT projection, build::bigint FROM daybook.cursors WHERE ledger_id = $1", [.text(ledger)])
      let posted = (0..<rows.count).map { (rows.string($0, 0), rows.int64($0, 1)) }
      return try ProjectionRegistry().builds(on: connection).filter { build in
        build.state == .live && build.definition.reconcileStatement != nil
          && posted.contains { $0 == (build.projection, Int64(build.build)) }
      }.map(\.projection).sorted()
    }
  }

  private static func reconcile(
    _ build: ProjectionBuild, ledger: String, on connection: Connection
  ) throws -> [BookDifference] {
    guard let statement = build.definition.reconcileStatement else { return [] }
    let cursor = try connection.execute(
      "SELECT position FROM daybook.cursors WHERE ledger_id = $1 AND projection = $2 AND build = $3::bigint",
      [.text(ledger), .text(build.projection), .int64(Int64(build.build))])
    guard cursor.count == 1 else { return [] }
    let position = cursor.int64(0, 0)
    try BookSchema.searchPath(build.schema, on: connection)
    let rows = try connection.execute(
      """
      SELECT measure::text, trim_scale(book)::text, trim_scale(log)::text
      FROM (
      \(statement.text)
      ) AS sides
      WHERE book IS DISTINCT FROM log
      ORDER BY 1
      """,
      statement.parameters.map { $0 == "ledger" ? .text(ledger) : .int64(position) })
    return (0..<rows.count).map { row in
      BookDifference(
        projection: build.projection, ledger: ledger, measure: rows.string(row, 0),
        book: rows.optionalString(row, 1) ?? "unknown", log: rows.optionalString(row, 2) ?? "unknown",
        position: position)
    }
  }
}

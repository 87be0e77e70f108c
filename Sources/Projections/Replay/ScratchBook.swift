import Domain
import Postgres

/// A book in tables of its own, posted from the log up to where somebody wants it, inside a transaction that is never
/// committed.
///
/// When the answer is read, or the process dies, Postgres has it gone, and no sweeping is needed. The same fold makes the
/// same rows, so the answer at a position never changes.
struct ScratchBook {
  let build: ProjectionBuild
  let ledger: String
  let schema: String
  /// The last event that is posted.
  private(set) var position: Int64 = 0

  private let line: BookSession.Line
  private let bounds: Bounds

  /// Events of one statement: more than usually lie between two snapshots, for nobody waits on the rows in between, and each
  /// row is written once instead of once a batch.
  private static let batch: Int64 = 1_000_000

  var definition: ProjectionDefinition { build.definition }
  var connection: Connection { line.connection }

  /// What a scratch book may take.
  struct Bounds {
    var deadline: ContinuousClock.Instant
    /// Of its tables and indexes.
    var bytes: Int64
  }

  /// Makes the tables, empty; the caller has begun the transaction and taken the projector's role.
  init(_ build: ProjectionBuild, ledger: String, bounds: Bounds, on line: BookSession.Line) throws {
    self.build = build
    self.ledger = ledger
    self.line = line
    self.bounds = bounds
    schema = "replay_\(UInt64.random(in: 0...UInt64.max))"
    try BookSchema.create(schema, build.definition, on: line.connection)
  }

  /// Takes the newest usable snapshot at or before a position; true where there was one.
  mutating func restore(upTo target: Int64, above: Int64 = 0, tell: (String) -> Void) throws -> Bool {
    let found = try BookSnapshot.restore(
      build, ledger: ledger, into: schema, above: above, upTo: target, on: connection, tell: tell)
    guard found > 0 else { return false }
    position = found
    return true
  }

  /// Takes the rows of another one, as they are there.
  mutating func copy(_ other: ScratchBook) throws {
    for table in definition.tables {
      let columns = try BookSnapshot.columns(schema, table.name, on: connection).map(Connection.quoted)
        .joined(separator: ", ")
      try connection.script(
        "INSERT INTO \(schema).\(table.name) (\(columns)) SELECT \(columns) FROM \(other.schema).\(table.name)")
    }
    position = other.position
  }

  /// Posts everything up to the target; an event that cannot be posted ends it, unless the log says to skip it.
  mutating func fold(to target: Int64) throws {
    try BookSchema.searchPath(schema, on: connection)
    var limit = Self.batch
    var suspect = Int64.max
    while position < target {
      try check()
      let ceiling = min(target, position + limit, suspect)
      if let error = try attempt(position, ceiling) {
        guard ceiling - position == 1 else {
          suspect = ceiling
          limit = (ceiling - position) / 2
          continue
        }
        guard try BatchPost.isSkipped(ceiling, of: definition, ledger: ledger, on: connection) else {
          throw ProjectionError(
            .stopped, "\(definition.name) cannot post event \(ceiling): \(error.state) \(error.message)",
            position: ceiling)
        }
      }
      position = ceiling
      try checkRoom()
      if position >= suspect {
        suspect = .max
        limit = Self.batch
      }
    }
  }

  /// Throws once the time is up.
  func check() throws {
    guard ContinuousClock.now <= bounds.deadline else {
      throw ProjectionError(.timeLimit, "the replay took longer than it may", position: position)
    }
  }

  /// Throws once the tables are larger than they may be.
  private func checkRoom() throws {
    let taken = try connection.execute(
      """
      SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint
      FROM pg_class
      WHERE relnamespace = to_regnamespace($1) AND relkind = 'r'
      """, [.text(schema)]
    ).int64(0, 0)
    guard taken <= bounds.bytes else {
      throw ProjectionError(
        .spaceLimit, "the replay needs more than \(bounds.bytes >> 20) MiB, which it may take", position: position)
    }
  }

  /// Marks where the book is, to come back to it.
  func mark(_ name: String) throws { try connection.script("SAVEPOINT \(name)") }

  /// Goes back to a mark that was set at `position`, which stays.
  mutating func goBack(to name: String, position: Int64) throws {
    try connection.script("ROLLBACK TO SAVEPOINT \(name)")
    self.position = position
  }

  /// Forgets a mark.
  func forget(_ name: String) throws { try connection.script("RELEASE SAVEPOINT \(name)") }

  /// Posts one batch; answers the error of an event, after which the transaction is as before.
  private func attempt(_ floor: Int64, _ ceiling: Int64) throws -> PostgresError? {
    do {
      _ = try connection.pipeline(
        [Statement("SAVEPOINT batch")] + definition.fold(ledger: ledger, floor: floor, ceiling: ceiling)
          + [Statement("RELEASE SAVEPOINT batch")])
      return nil
    } catch {
      if error.isTransient { throw error }
      try connection.script("ROLLBACK TO SAVEPOINT batch")
      return error
    }
  }
}

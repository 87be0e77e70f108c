import Postgres

/// Posts batches of one ledger into one build, each exactly once.
///
/// The cursor moves by compare-and-set in the fold's own transaction: who lost the race changes nothing. Positions are
/// gapless and become visible in order, so everything up to a head that was read is there to be scanned.
struct BatchPost: Sendable {
  let build: ProjectionBuild
  let ledger: String
  /// Where batches end besides, and a copy of the book is kept.
  var snapshots = SnapshotSchedule.none

  /// Moves the cursor `floor → ceiling` and posts what lies between; false where the cursor was elsewhere.
  func post(_ floor: Int64, _ ceiling: Int64, clearingFault: Bool, on connection: Connection) throws -> Bool {
    try attempt(floor, ceiling, clearingFault: clearingFault, posts: true, on: connection)
  }

  /// Moves the cursor over one event without posting it, because a person said so in the log.
  func skip(_ position: Int64, on connection: Connection) throws -> Bool {
    try attempt(position - 1, position, clearingFault: true, posts: false, on: connection)
  }

  private func attempt(
    _ floor: Int64, _ ceiling: Int64, clearingFault: Bool, posts: Bool, on connection: Connection
  ) throws -> Bool {
    do {
      let opening = try connection.pipeline(
        [
          Statement("BEGIN"), move(floor, ceiling),
          Statement("SELECT set_config('search_path', $1, true)", [.text(build.schema)]),
        ]
          + (clearingFault ? [forget] : []))
      guard opening[1].affected == 1 else {
        try connection.script("ROLLBACK")
        return false
      }
      let fold = posts ? build.definition.fold(ledger: ledger, floor: floor, ceiling: ceiling) : []
      if snapshots.isDue(at: ceiling) {
        _ = try connection.pipeline(fold)
        try snapshots.take(build, ledger: ledger, at: ceiling, on: connection)
        _ = try connection.pipeline([Statement("COMMIT")])
      } else {
        _ = try connection.pipeline(fold + [Statement("COMMIT")])
      }
      return true
    } catch {
      connection.rollBack()
      throw error
    }
  }

  /// True where the fold fails without any event: then the definition is at fault, or the schema.
  func failsOnNothing(at floor: Int64, on connection: Connection) throws -> Bool {
    do {
      _ = try connection.pipeline(
        [Statement("BEGIN"), Statement("SELECT set_config('search_path', $1, true)", [.text(build.schema)])]
          + build.definition.fold(ledger: ledger, floor: floor, ceiling: floor))
      connection.rollBack()
      return false
    } catch {
      connection.rollBack()
      if error.isTransient { throw error }
      return true
    }
  }

  private func move(_ floor: Int64, _ ceiling: Int64) -> Statement {
    Statement(
      """
      UPDATE daybook.cursors
      SET position = $5,
        recorded_at = (SELECT e.recorded_at FROM daybook.events AS e WHERE e.ledger_id = $1 AND e.position = $5),
        updated_at = clock_timestamp()
      WHERE ledger_id = $1 AND projection = $2 AND build = $3::bigint AND position = $4
      """, key + [.int64(floor), .int64(ceiling)])
  }

  private var forget: Statement {
    Statement(
      "DELETE FROM daybook.projection_faults WHERE ledger_id = $1 AND projection = $2 AND build = $3::bigint", key)
  }

  private var key: [Parameter] { [.text(ledger), .text(build.projection), .int64(Int64(build.build))] }

  /// Writes down that the ledger's book stands still in front of an event; answers since when.
  func record(_ fault: PostgresError, at position: Int64, on connection: Connection) throws -> Int64 {
    try connection.execute(
      """
      INSERT INTO daybook.projection_faults AS f (ledger_id, projection, build, version, position, sqlstate, message)
      VALUES ($1, $2, $3::bigint, $4::bigint, $5, $6, $7)
      ON CONFLICT (ledger_id, projection, build) DO UPDATE SET
        position = excluded.position,
        sqlstate = excluded.sqlstate,
        message = excluded.message,
        since = CASE WHEN f.position = excluded.position THEN f.since ELSE excluded.since END
      RETURNING since
      """,
      key + [.int64(Int64(build.version)), .int64(position), .text(fault.state), .text(fault.message)]
    ).timestamp(0, 0)
  }

  /// True where a `projection.event_skipped` event of the ledger names the event for this version.
  static func isSkipped(
    _ position: Int64, of definition: ProjectionDefinition, ledger: String, on connection: Connection
  ) throws -> Bool {
    try connection.execute(
      """
      SELECT EXISTS (
        SELECT
        FROM daybook.events
        WHERE ledger_id = $1
          AND type = 'projection.event_skipped'
          AND position > $4
          AND data ->> 'projection' = $2
          AND (data ->> 'version')::bigint = $3
          AND (data ->> 'position')::bigint = $4
      )
      """,
      [.text(ledger), .text(definition.name), .int64(Int64(definition.version)), .int64(position)]
    ).boolean(0, 0)
  }
}

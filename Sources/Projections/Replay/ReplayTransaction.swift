import Domain
import Postgres

/// A transaction in which the log is posted into a scratch schema up to a point.
///
/// Nothing of it is ever committed: when the answer is read, or the process dies, Postgres has it gone, and no sweeping
/// is needed. The same fold makes the same rows, so the answer at a position never changes.
struct ReplayTransaction {
  let position: Int64
  private let recordedTime: Timestamp?
  private let definition: ProjectionDefinition
  private let schema: String
  private let ledger: String
  private let limits: BookLimits
  private let line: BookSession.Line
  private let deadline: ContinuousClock.Instant

  /// Events of one statement: large, for nobody waits on the rows in between.
  private static let batch: Int64 = 200_000

  /// Begins the transaction and posts; the caller ends it.
  init(
    _ projection: String, _ ledger: String, _ point: ReplayPoint, limits: BookLimits, on line: BookSession.Line
  ) throws {
    let connection = line.connection
    try connection.script("BEGIN")
    guard let live = try line.registry.live(projection, on: connection) else {
      throw ProjectionError(.unknownBook, "there is no book \(projection)")
    }
    let target = try ReplayTarget.find(point, ledger: ledger, on: connection)
    self.ledger = ledger
    self.limits = limits
    self.line = line
    definition = live.definition
    position = target.position
    recordedTime = target.recordedTime
    schema = "replay_\(UInt64.random(in: 0...UInt64.max))"
    deadline = .now + limits.replayTimeout
    try connection.script(
      """
      SET LOCAL statement_timeout = \(Int(limits.replayTimeout / .milliseconds(1)));
      SET LOCAL enable_sort = off;
      SET LOCAL work_mem = '128MB'
      """)
    try line.assume(PostingConnection.role)
    try BookSchema.create(schema, definition, on: connection)
    try post()
    try connection.script("SET LOCAL enable_sort = on")
    try line.assume(line.ownRole)
  }

  /// Declares the cursor of an answer.
  func begin(_ texts: ParameterTexts) throws -> BookQueries.Opening {
    let (query, values) = try texts.bind(to: definition)
    let columns = AnswerCursor.columns(query, values)
    try AnswerCursor.declare(
      query, columns: columns, values: values, ledger: ledger, schema: schema, timeout: limits.statementTimeout,
      on: line)
    return BookQueries.Opening(definition: definition, query: query, columns: columns, recordedTime: recordedTime)
  }

  /// The digest of the rows.
  func digest() throws -> BookDigest {
    try line.assume("daybook_reader")
    return try BookDigest.read(
      definition, schema: schema, ledger: ledger, position: position, on: line.connection)
  }

  /// Posts everything up to the target; an event that cannot be posted ends it, unless the log says to skip it.
  private func post() throws {
    var floor: Int64 = 0
    var limit = Self.batch
    var suspect = Int64.max
    while floor < position {
      if ContinuousClock.now > deadline {
        throw ProjectionError(.timeLimit, "the replay took longer than it may", position: floor)
      }
      let ceiling = min(position, floor + limit, suspect)
      if let error = try attempt(floor, ceiling) {
        guard ceiling - floor == 1 else {
          suspect = ceiling
          limit = (ceiling - floor) / 2
          continue
        }
        guard try BatchPost.isSkipped(ceiling, of: definition, ledger: ledger, on: line.connection) else {
          throw ProjectionError(
            .stopped, "\(definition.name) cannot post event \(ceiling): \(error.state) \(error.message)",
            position: ceiling)
        }
      }
      floor = ceiling
      if floor >= suspect {
        suspect = .max
        limit = Self.batch
      }
    }
  }

  /// Posts one batch; answers the error of an event, after which the transaction is as before.
  private func attempt(_ floor: Int64, _ ceiling: Int64) throws -> PostgresError? {
    let connection = line.connection
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

import Domain
import Postgres

/// A transaction in which the log is posted into a scratch schema up to a point.
struct ReplayTransaction {
  let position: Int64
  private let recordedTime: Timestamp?
  private let scratch: ScratchBook
  private let limits: BookLimits
  private let line: BookSession.Line

  /// Begins the transaction and posts; the caller ends it.
  ///
  /// - Parameter tell: Told of snapshots that were not used; nil starts from the first event.
  init(
    _ projection: String, _ ledger: String, _ point: ReplayPoint, limits: BookLimits, on line: BookSession.Line,
    tell: ((String) -> Void)?
  ) throws {
    let (build, bounds) = try Self.begin(projection, limits: limits, on: line)
    let target = try ReplayTarget.find(point, ledger: ledger, on: line.connection)
    self.limits = limits
    self.line = line
    position = target.position
    recordedTime = target.recordedTime
    try line.assume(PostingConnection.role)
    var scratch = try ScratchBook(build, ledger: ledger, bounds: bounds, on: line)
    if let tell { _ = try scratch.restore(upTo: position, tell: tell) }
    try scratch.fold(to: position)
    self.scratch = scratch
    try line.connection.script("SET LOCAL enable_sort = on")
    try line.assume(line.ownRole)
  }

  /// Begins a transaction for scratch tables, with the planner's settings of folds and the time that it may take.
  static func begin(
    _ projection: String, isolation: String = "READ COMMITTED", limits: BookLimits, on line: BookSession.Line
  ) throws -> (build: ProjectionBuild, bounds: ScratchBook.Bounds) {
    try line.connection.script(
      """
      BEGIN ISOLATION LEVEL \(isolation);
      SET LOCAL statement_timeout = \(Int(limits.replayTimeout / .milliseconds(1)));
      SET LOCAL enable_sort = off;
      SET LOCAL work_mem = '128MB'
      """)
    guard let live = try line.registry.live(projection, on: line.connection) else {
      throw ProjectionError(.unknownBook, "there is no book \(projection)")
    }
    return (live, ScratchBook.Bounds(deadline: .now + limits.replayTimeout, bytes: limits.replayBytes))
  }

  /// Declares the cursor of an answer.
  func begin(_ texts: ParameterTexts) throws -> BookQueries.Opening {
    let (query, values) = try texts.bind(to: scratch.definition)
    let columns = AnswerCursor.columns(query, values)
    try AnswerCursor.declare(
      query, columns: columns, values: values, ledger: scratch.ledger, schema: scratch.schema,
      timeout: limits.statementTimeout, on: line)
    return BookQueries.Opening(
      definition: scratch.definition, query: query, columns: columns, recordedTime: recordedTime)
  }

  /// The digest of the rows.
  func digest() throws -> BookDigest {
    try line.assume("daybook_reader")
    return try BookDigest.read(
      scratch.definition, schema: scratch.schema, ledger: scratch.ledger, position: position, on: line.connection)
  }
}

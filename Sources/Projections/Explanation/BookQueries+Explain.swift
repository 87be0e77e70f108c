public import Domain
import Postgres

extension BookQueries {
  /// The events behind rows of a book, with the rows themselves.
  ///
  /// Counts as a replay. Answers `{projection, version, table, key_columns, ledger, position, recordedtime, found_by, rows, events, next}`:
  /// `found_by` is `declaration` (with what each event contributed) or `folding` (with what it changed); `next` is the
  /// `after` of the next page, and is there too where the time for one page was up.
  ///
  /// - Throws: ``ProjectionError``: as ``open(_:)`` does for `asOf`.
  public func explain(_ request: ExplanationRequest) async throws -> JSON {
    let lease = try replayLease()
    defer { lease.giveBack() }
    let (limits, report) = (self.limits, self.report)
    return try await translating(request.projection) {
      try await lease.session.run { line in
        defer { line.connection.rollBack() }
        return try Explaining(request, limits: limits, on: line, tell: report).answer()
      }
    }
  }
}

/// One explanation, inside its transaction.
private struct Explaining {
  let request: ExplanationRequest
  let limits: BookLimits
  let line: BookSession.Line
  let tell: (String) -> Void
  let build: ProjectionBuild
  let bounds: ScratchBook.Bounds
  let target: ReplayTarget

  /// Events of one statement of a scan: a second or so.
  private static let stride: Int64 = 500_000

  private var connection: Connection { line.connection }
  private var definition: ProjectionDefinition { build.definition }

  init(
    _ request: ExplanationRequest, limits: BookLimits, on line: BookSession.Line, tell: @escaping (String) -> Void
  ) throws {
    self.request = request
    self.limits = limits
    self.line = line
    self.tell = tell
    // One snapshot, so that rows, cursor and log belong together.
    (build, bounds) = try ReplayTransaction.begin(
      request.projection, isolation: "REPEATABLE READ", limits: limits, on: line)
    let point = try request.asOf ?? .position(Self.cursor(build, request.ledger, on: line.connection))
    target = try ReplayTarget.find(point, ledger: request.ledger, on: line.connection)
  }

  private static func cursor(_ build: ProjectionBuild, _ ledger: String, on connection: Connection) throws -> Int64 {
    let rows = try connection.execute(
      "SELECT position FROM daybook.cursors WHERE ledger_id = $1 AND projection = $2 AND build = $3::bigint",
      [.text(ledger), .text(build.projection), .int64(Int64(build.build))])
    return rows.count == 1 ? rows.int64(0, 0) : 0
  }

  func answer() throws -> JSON {
    let table = try RowSelection.table(request.table, given: request.key, in: definition)
    let columns = try DigestColumn.read(build.schema, table.name, on: connection)
    guard !columns.isEmpty else {
      throw ProjectionError(.unavailable, "another build of \(definition.name) went live; ask again")
    }
    let selection = try RowSelection(table, columns: columns, given: request.key) {
      try AnswerCursor.tokens($0, ledger: request.ledger, on: connection)
    }
    try line.assume(PostingConnection.role)
    var schema = build.schema
    if request.asOf != nil {
      var book = try ScratchBook(build, ledger: request.ledger, bounds: bounds, on: line)
      _ = try book.restore(upTo: target.position, tell: tell)
      try book.fold(to: target.position)
      schema = book.schema
    }
    let rows = try selection.rows(in: schema, ledger: request.ledger, columns: columns, on: connection)
    let until = min(bounds.deadline, ContinuousClock.now + limits.scanTime)
    let (events, next) =
      if let statement = table.explainStatement {
        try declared(statement, selection, columns, schema, until)
      } else {
        try folded(selection, columns, until)
      }
    return .object([
      "projection": .text(definition.name), "version": .integer(Int64(definition.version)),
      "table": .text(table.name), "key_columns": .array(table.key.map { .text($0) }), "ledger": .text(request.ledger),
      "position": .integer(target.position),
      "recordedtime": target.recordedTime.map { .text($0.description) } ?? .null,
      "found_by": .text(table.explainStatement == nil ? "folding" : "declaration"), "rows": .array(rows),
      "events": .array(events.map { $0.json(ledger: request.ledger) }), "next": next.map { .integer($0) },
    ])
  }

  private typealias Found = (events: [ExplainedEvent], next: Int64?)

  private func declared(
    _ statement: SQLStatement, _ selection: RowSelection, _ columns: [DigestColumn], _ schema: String,
    _ until: ContinuousClock.Instant
  ) throws -> Found {
    try BookSchema.searchPath(schema, on: connection)
    try connection.script("SET LOCAL enable_sort = on")
    let explanation = try DeclaredExplanation(
      statement, selection, columns: columns, ledger: request.ledger, of: definition, on: connection)
    var events: [ExplainedEvent] = []
    var floor = request.after
    // One step at least, so that every page comes further.
    while floor < target.position, events.count < request.limit,
      floor == request.after || ContinuousClock.now <= until
    {
      let ceiling = min(target.position, floor + Self.stride)
      events += try explanation.events(floor, ceiling, most: request.limit - events.count)
      // A full page ends with its last event, not with what was scanned.
      floor = events.count < request.limit ? ceiling : events.last?.position ?? ceiling
    }
    return (events, floor < target.position ? floor : nil)
  }

  private func folded(
    _ selection: RowSelection, _ columns: [DigestColumn], _ until: ContinuousClock.Instant
  ) throws -> Found {
    let start = min(request.after, target.position)
    var scratch = try ScratchBook(build, ledger: request.ledger, bounds: bounds, on: line)
    _ = try scratch.restore(upTo: start, tell: tell)
    try scratch.fold(to: start)
    var explanation = try FoldedExplanation(
      scratch, selection, columns: columns, most: request.limit, until: until)
    let reached = try explanation.scan(to: target.position)
    return (explanation.events, reached < target.position ? reached : nil)
  }
}

import Domain
public import Postgres
import Synchronization

/// Answers questions from the books, read-only.
///
/// Every answer is read in one snapshot together with the position that it reflects. SQL runs as `daybook_reader`, which
/// sees books only; names of persons are looked up beside it with the rights of the connection itself.
public final class BookQueries: Sendable {
  let limits: BookLimits
  let catalogue: ProjectionCatalogue
  let pool: SessionPool
  private let replaySettings: ConnectionSettings
  let report: @Sendable (String) -> Void
  private let replaysRunning = Atomic<Int>(0)

  /// Makes the reader; connections are opened when first needed and replaced when lost.
  ///
  /// - Parameters:
  ///   - settings: A role that may read `daybook.projections`, `cursors`, `ledgers`, `persons` and the log; its login
  ///     must be a member of `daybook_reader` and, for `asOf`, of `daybook_projector`.
  ///   - catalogue: What will be posted: ``definitions()`` names its books before a projector has made them.
  ///   - report: Told, from any thread, what an operator should hear: snapshots that are damaged.
  public init(
    _ settings: ConnectionSettings, catalogue: ProjectionCatalogue, limits: BookLimits = .init(),
    report: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.report = report
    self.catalogue = catalogue
    self.limits = limits
    pool = SessionPool(settings, size: limits.connections)
    replaySettings = settings
  }

  /// The books as they are served now, by name: a version that is still being built is not among them, unless it is
  /// the first.
  public func definitions() async throws -> [ProjectionDefinition] {
    let live = try await onSession { line in
      try line.registry.builds(on: line.connection).filter { $0.state == .live }.map(\.definition)
    }
    let coming = catalogue.definitions.filter { known in !live.contains { $0.name == known.name } }
    return (live + coming).sorted { $0.name < $1.name }
  }

  /// Asks; the rows are still to be taken, with ``BookAnswer/write(as:to:)``, or the answer to be closed.
  ///
  /// - Throws: ``ProjectionError``: `unknownBook`, `unknownQuery`, `unknownLedger`, `badParameters`, `notYetPosted`,
  ///   `beyondHead`, `tooManyReplays`, `timeLimit`, `unavailable`, `stopped`.
  public func open(_ request: BookRequest) async throws -> BookAnswer {
    if let position = request.minPosition, request.asOf == nil { try await wait(for: position, request) }
    return try await tellingComing(request.projection) { try await opened(request) }
  }

  /// A book that is missing only because no projector has come to make it is told as such.
  private func tellingComing<Value>(_ projection: String, _ body: () async throws -> Value) async throws -> Value {
    do { return try await body() } catch let error as ProjectionError where isComing(error, projection) {
      throw ProjectionError(.notYetPosted, "no projector has posted \(projection) yet", position: 0)
    }
  }

  /// True where a book is missing only because no projector has come to make it.
  private func isComing(_ error: ProjectionError, _ projection: String) -> Bool {
    error.code == .unknownBook && catalogue[projection] != nil
  }

  private func opened(_ request: BookRequest) async throws -> BookAnswer {
    let (limits, report) = (self.limits, self.report)
    if let point = request.asOf {
      return try await withReplay { lease in
        try await Self.answer(request, lease) { line, values in
          let replay = try ReplayTransaction(
            request.projection, request.ledger, point, limits: limits, on: line, tell: report)
          return (try replay.begin(values), replay.position)
        }
      }
    }
    do {
      return try await openLive(request)
    } catch is SwappedAway {
      do { return try await openLive(request) } catch let gone as SwappedAway {
        throw Self.translated(gone.error, request.projection)
      }
    }
  }

  private func openLive(_ request: BookRequest) async throws -> BookAnswer {
    let lease = try await leased()
    return try await Self.answer(request, lease) { [limits] line, values in
      let live = try LiveTransaction(request.projection, request.ledger, on: line)
      let (query, bound) = try values.bind(to: live.build.definition)
      let columns = AnswerCursor.columns(query, bound)
      try AnswerCursor.declare(
        query, columns: columns, values: bound, ledger: request.ledger, schema: live.build.schema,
        timeout: limits.statementTimeout, on: line)
      return (
        Opening(
          definition: live.build.definition, query: query, columns: columns, recordedTime: live.recordedTime),
        live.position
      )
    }
  }

  /// Asks and writes the whole answer into memory: for answers that are known to be small.
  public func bytes(_ request: BookRequest, as format: BookFormat = .json) async throws -> [UInt8] {
    let answer = try await open(request)
    let parts = Mutex<[UInt8]>([])
    try await answer.write(as: format) { bytes in parts.withLock { $0 += bytes } }
    return parts.withLock { $0 }
  }

  /// The digest of a book's rows as they are now, or as of a point.
  ///
  /// - Parameter fromSnapshot: Starts from the newest snapshot before the point: quicker, and as true as that snapshot is.
  public func digest(
    _ projection: String, ledger: String, asOf: ReplayPoint? = nil, fromSnapshot: Bool = true
  ) async throws -> BookDigest {
    let (limits, tell) = (self.limits, fromSnapshot ? self.report : nil)
    let lease = if asOf == nil { try await leased() } else { try replayLease() }
    defer { lease.giveBack() }
    return try await translating(projection) {
      try await lease.session.run { line in
        if let asOf {
          let replay = try ReplayTransaction(projection, ledger, asOf, limits: limits, on: line, tell: tell)
          return try replay.digest()
        }
        let live = try LiveTransaction(projection, ledger, on: line)
        try line.assume("daybook_reader")
        return try BookDigest.read(
          live.build.definition, schema: live.build.schema, ledger: ledger, position: live.position,
          on: line.connection)
      }
    }
  }

  /// Closes all connections as they come free; later calls throw.
  public func close() async { pool.close() }
}

extension BookQueries {
  /// What opening an answer found out.
  struct Opening: Sendable {
    var definition: ProjectionDefinition
    var query: QueryDefinition
    var columns: [QueryColumn]
    var recordedTime: Timestamp?
  }

  private static func answer(
    _ request: BookRequest, _ lease: SessionLease,
    _ open: @escaping @Sendable (BookSession.Line, ParameterTexts) throws -> (Opening, Int64)
  ) async throws -> BookAnswer {
    do {
      let texts = ParameterTexts(query: request.query, given: request.parameters.map { ($0.name, $0.value) })
      let (opening, position) = try await lease.session.run { line in try open(line, texts) }
      return BookAnswer(
        definition: opening.definition, query: opening.query, ledger: request.ledger, position: position,
        recordedTime: opening.recordedTime, columns: opening.columns, lease: lease)
    } catch let error as PostgresError {
      lease.giveBack()
      throw translated(error, request.projection)
    } catch {
      lease.giveBack()
      throw error
    }
  }

  func leased() async throws -> SessionLease {
    let session = try await pool.lease()
    return SessionLease(session: session) { [pool] in pool.giveBack(session) }
  }

  private func onSession<Value: Sendable>(
    _ body: @escaping @Sendable (BookSession.Line) throws -> Value
  ) async throws -> Value {
    let lease = try await leased()
    defer { lease.giveBack() }
    return try await translating("books") { try await lease.session.run(body) }
  }

  /// Tells what went wrong as the caller of a book understands it.
  func translating<Value>(_ what: String, _ body: () async throws -> Value) async throws -> Value {
    try await tellingComing(what) {
      do { return try await body() } catch let error as PostgresError { throw Self.translated(error, what) }
    }
  }

  /// What Postgres answered, as the caller of a book understands it.
  static func translated(_ error: PostgresError, _ what: String) -> ProjectionError {
    if error.sqlState == "57014" || error.code == .timeout {
      return ProjectionError(.timeLimit, "\(what) took longer than it may")
    }
    return ProjectionError(error.isTransient ? .unavailable : .defect, "\(what): \(error)")
  }

  /// Runs what costs as much as a replay, where fewer than the bound are running.
  ///
  /// - Throws: ``ProjectionError`` `tooManyReplays`, and what the body throws.
  public func countedAsReplay<Value>(_ body: (_ deadline: ContinuousClock.Instant) async throws -> Value) async throws
    -> Value
  {
    try begunReplay()
    defer { replaysRunning.subtract(1, ordering: .relaxed) }
    return try await body(.now + limits.replayTimeout)
  }

  private func begunReplay() throws {
    guard replaysRunning.add(1, ordering: .relaxed).newValue <= limits.replays else {
      replaysRunning.subtract(1, ordering: .relaxed)
      throw ProjectionError(.tooManyReplays, "\(limits.replays) replays are running; try again in a moment")
    }
  }

  /// A connection of its own for a replay, where fewer than the bound are running.
  func replayLease() throws -> SessionLease {
    try begunReplay()
    let session = BookSession(replaySettings)
    return SessionLease(session: session) { [self] in
      session.reset()
      session.close()
      replaysRunning.subtract(1, ordering: .relaxed)
    }
  }

  private func withReplay<Value>(_ body: (SessionLease) async throws -> Value) async throws -> Value {
    try await body(try replayLease())
  }

  /// Waits until the live book reflects the position.
  private func wait(for position: Int64, _ request: BookRequest) async throws {
    let deadline = ContinuousClock.now + limits.minPositionWait
    var pause = Duration.milliseconds(2)
    while true {
      let reached: Int64
      do {
        reached = try await onSession { line in
          defer { line.connection.rollBack() }
          return try LiveTransaction(request.projection, request.ledger, on: line).position
        }
        if reached >= position { return }
      } catch let error as ProjectionError where isComing(error, request.projection) {
        reached = 0
      }
      guard ContinuousClock.now < deadline else {
        throw ProjectionError(
          .notYetPosted, "\(request.projection) reflects position \(reached) so far, not yet \(position)",
          position: reached)
      }
      try await Task.sleep(for: pause)
      pause = min(pause * 2, .milliseconds(25))
    }
  }
}

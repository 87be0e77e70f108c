public import Domain
import Postgres

extension BookQueries {
  /// The rows in which two points of a book's history differ, with the events that changed them.
  ///
  /// Counts as a replay. Answers `{projection, version, ledger, from, to, tables, rows, next}`; `tables` counts what was
  /// added, removed and changed in each; `next` is the `after` of the next page.
  ///
  /// - Throws: ``ProjectionError``: as ``open(_:)`` does for `asOf`.
  public func compare(_ request: ComparisonRequest) async throws -> JSON {
    let lease = try replayLease()
    defer { lease.giveBack() }
    let (limits, report) = (self.limits, self.report)
    return try await translating(request.projection) {
      try await lease.session.run { line in
        defer { line.connection.rollBack() }
        var comparison = try Comparing(request, limits: limits, on: line, tell: report)
        return try comparison.answer()
      }
    }
  }
}

/// One comparison, inside its transaction: the book at both points, in scratch tables.
private struct Comparing {
  /// Positions that are named for a row at most.
  private static let positionsAtMost = 100
  /// Events of one statement of a scan.
  private static let stride: Int64 = 500_000

  let request: ComparisonRequest
  let limits: BookLimits
  let line: BookSession.Line
  let from: ReplayTarget
  let to: ReplayTarget
  let tables: [TableDefinition]
  var before: ScratchBook
  var after: ScratchBook

  private var definition: ProjectionDefinition { before.definition }
  private var connection: Connection { line.connection }

  init(
    _ request: ComparisonRequest, limits: BookLimits, on line: BookSession.Line, tell: (String) -> Void
  ) throws {
    self.request = request
    self.limits = limits
    self.line = line
    let (build, bounds) = try ReplayTransaction.begin(
      request.projection, isolation: "REPEATABLE READ", limits: limits, on: line)
    from = try ReplayTarget.find(request.from, ledger: request.ledger, on: line.connection)
    to =
      try request.to.map { try ReplayTarget.find($0, ledger: request.ledger, on: line.connection) }
      ?? ReplayTarget.head(ledger: request.ledger, on: line.connection)
    guard from.position <= to.position else {
      throw ProjectionError(
        .badParameters, "\(request.projection):",
        faults: [
          ParameterFault(
            parameter: "to", code: "range", detail: "is position \(to.position), before \(from.position)")
        ])
    }
    tables =
      try request.table.map { [try RowSelection.table($0, given: [], in: build.definition, asksForKey: false)] }
      ?? build.definition.tables
    try line.assume(PostingConnection.role)
    before = try ScratchBook(build, ledger: request.ledger, bounds: bounds, on: line)
    _ = try before.restore(upTo: from.position, tell: tell)
    try before.fold(to: from.position)
    after = try ScratchBook(build, ledger: request.ledger, bounds: bounds, on: line)
    if try !after.restore(upTo: to.position, above: from.position, tell: tell) { try after.copy(before) }
    try after.fold(to: to.position)
    try line.connection.script("SET LOCAL enable_sort = on")
  }

  mutating func answer() throws -> JSON {
    var counted: [JSON] = []
    var rows: [RowDifference] = []
    var (toPass, total) = (request.after, Int64(0))
    let until = ContinuousClock.now + limits.scanTime
    for table in tables {
      try after.check()
      let comparison = try TableComparison(table, before, after, on: connection)
      let (added, removed, changed) = try comparison.counts()
      let here = added + removed + changed
      counted.append(
        .object([
          "table": .text(table.name), "added": .integer(added), "removed": .integer(removed),
          "changed": .integer(changed),
        ]))
      total += here
      if toPass < here, rows.count < request.limit {
        var found = try comparison.rows(after: toPass, limit: Int64(request.limit - rows.count))
        try addPositions(to: &found, comparison, until)
        rows += found
      }
      toPass = max(0, toPass - here)
    }
    let reached = request.after + Int64(rows.count)
    return .object([
      "projection": .text(definition.name), "version": .integer(Int64(definition.version)),
      "ledger": .text(request.ledger), "from": Self.json(from), "to": Self.json(to), "tables": .array(counted),
      "rows": .array(rows.map(\.json)), "next": reached < total ? .integer(reached) : nil,
    ])
  }

  private static func json(_ target: ReplayTarget) -> JSON {
    .object([
      "position": .integer(target.position),
      "recordedtime": target.recordedTime.map { .text($0.description) } ?? .null,
    ])
  }

  /// Finds the events that changed the rows, while there is time.
  private mutating func addPositions(
    to rows: inout [RowDifference], _ comparison: TableComparison, _ until: ContinuousClock.Instant
  ) throws {
    guard !rows.isEmpty else { return }
    let selection = RowSelection(comparison.table, key: comparison.key, keys: rows.map { $0.keyTexts.map(\.string) })
    let (positions, isWhole) =
      if let statement = comparison.table.explainStatement {
        try declared(statement, selection, comparison, until)
      } else {
        try folded(selection, comparison, until)
      }
    for index in rows.indices {
      let found = positions[rows[index].keyTexts] ?? []
      rows[index].positions = Array(found.prefix(Self.positionsAtMost))
      rows[index].hasAllPositions = isWhole && found.count <= Self.positionsAtMost
    }
  }

  private typealias Found = (positions: [[ExactText]: [Int64]], isWhole: Bool)

  private func declared(
    _ statement: SQLStatement, _ selection: RowSelection, _ comparison: TableComparison,
    _ until: ContinuousClock.Instant
  ) throws -> Found {
    try BookSchema.searchPath(after.schema, on: connection)
    let explanation = try DeclaredExplanation(
      statement, selection, columns: comparison.columns, ledger: request.ledger, of: definition, on: connection)
    var found: [[ExactText]: [Int64]] = [:]
    var floor = from.position
    while floor < to.position, ContinuousClock.now <= until {
      let ceiling = min(to.position, floor + Self.stride)
      for (key, positions) in try explanation.positions(floor, ceiling, most: Self.positionsAtMost) {
        found[key, default: []] += positions
      }
      floor = ceiling
    }
    return (found, floor >= to.position)
  }

  /// Folds a copy of the earlier book on, and goes back after it: the next table is compared with it as it was.
  private mutating func folded(
    _ selection: RowSelection, _ comparison: TableComparison, _ until: ContinuousClock.Instant
  ) throws -> Found {
    try before.mark("compared")
    var explanation = try FoldedExplanation(
      before, selection, columns: comparison.columns,
      most: Self.positionsAtMost * max(1, request.limit), until: until)
    let reached = try explanation.scan(to: to.position)
    var found: [[ExactText]: [Int64]] = [:]
    for event in explanation.events {
      found[selection.key.map { Self.text(event.key[$0.name]) }, default: []].append(event.position)
    }
    try before.goBack(to: "compared", position: from.position)
    try before.forget("compared")
    return (found, reached >= to.position)
  }

  /// A value of a key as the text that it is compared by.
  private static func text(_ value: JSON?) -> ExactText {
    ExactText(value.map { $0.string ?? String(decoding: $0.canonical, as: UTF8.self) } ?? "")
  }
}

public import Domain
import Integrity
public import Postgres

/// One append to one ledger: everything under the ledger's lock, in two round trips.
///
/// `begin` takes the lock and reads; `commit` writes and makes durable; `rollback` gives up. The transaction is explicit, as a
/// pipeline's sync ends only an implicit one.
public struct LogTransaction {
  /// More missed events than this are caught up without holding the lock.
  public static let missedLimit = 1000

  private let connection: Connection
  private let ledger: String

  /// Works on a connection that nobody else uses meanwhile.
  public init(_ connection: Connection, ledger: String) {
    self.connection = connection
    self.ledger = ledger
  }

  /// Takes the ledger's lock and reads what the batch needs, as it is under the lock: one round trip.
  ///
  /// - Parameter known: the last position that the writer has seen.
  public func begin(after known: Int64, _ needs: AppendNeeds) throws -> AppendView {
    var statements = [
      Statement("BEGIN"),
      Statement("SELECT 1 FROM daybook.ledgers WHERE ledger_id = $1 FOR NO KEY UPDATE", [.text(ledger)]),
      // After the lock, so that both are as of it.
      Statement("SELECT clock_timestamp(), (\(OpenHalt.query))", [.text(ledger)]),
      Self.missed(ledger: ledger, after: known),
    ]
    var places = Places()
    if !needs.identities.isEmpty { places.identities = add(Self.identities(ledger, needs.identities), &statements) }
    if !needs.subjects.isEmpty { places.subjects = add(Self.sequences(ledger, needs.subjects), &statements) }
    if !needs.persons.isEmpty {
      places.persons = add(PersonTokens.lookup(ledger: ledger, needs.persons), &statements)
    }
    if !needs.lastEvents.isEmpty { places.lastEvents = add(Self.lastEvents(ledger, needs.lastEvents), &statements) }
    if !needs.positions.isEmpty { places.positions = add(Self.events(ledger, needs.positions), &statements) }

    let answers = try connection.pipeline(statements)
    if !answers[2].isNull(0, 1) { throw OpenHalt.error(answers[2].string(0, 1), ledger) }
    guard answers[1].count == 1 else { throw LogError(.unknownLedger, "no ledger \(ledger)") }
    let missed = EventColumns.events(answers[3], ledger: ledger)
    var view = AppendView(
      clock: Timestamp(microseconds: answers[2].timestamp(0, 0)), missed: missed,
      missedTooMany: missed.count > Self.missedLimit, existing: [:], sequences: [:],
      lastEvents: [:], tokens: [:], events: [:])
    if let place = places.identities {
      for event in EventColumns.events(answers[place], ledger: ledger) {
        view.existing[Identity(id: event.id, source: event.source)] = event
      }
    }
    if let place = places.subjects { view.sequences = Self.sequences(answers[place]) }
    if let place = places.persons { view.tokens = PersonTokens.tokens(answers[place]) }
    if let place = places.lastEvents {
      for event in EventColumns.events(answers[place], ledger: ledger) { view.lastEvents[event.subject] = event }
    }
    if let place = places.positions {
      for event in EventColumns.events(answers[place], ledger: ledger) { view.events[event.position] = event }
    }
    return view
  }

  /// The events of one command that ran before, in the order of their ids' numbers.
  public func commandEvents(key: String, source: String) throws(PostgresError) -> [RecordedEvent] {
    let rows = try connection.execute(
      """
      SELECT \(EventColumns.list) FROM daybook.events e
      WHERE e.ledger_id = $1 AND e.source = $2 AND e.id > $3 AND e.id < $4
      ORDER BY e.position
      """, [.text(ledger), .text(source), .text(key + "#"), .text(key + "$")])
    return EventColumns.events(rows, ledger: ledger)
  }

  /// The last sequences of subjects; 0 for those without events.
  public func lastSequences(_ subjects: [String]) throws(PostgresError) -> [String: Int64] {
    let statement = Self.sequences(ledger, subjects)
    return Self.sequences(try connection.execute(statement.sql, statement.parameters))
  }

  /// The root of the tree at a position: from the nearest seal below, and the entries since, a thousand or so at most. Nil
  /// where the log has no such position.
  public func root(at position: Int64) throws -> [UInt8]? {
    guard position > 0 else { return nil }
    var edge = try Seal.latest(connection, ledger: ledger, upTo: position).edge
    var filter = LogFilter()
    filter.after = edge.size
    filter.upTo = position
    try LogReader(connection, ledger: ledger).stream(filter) { events in
      for event in events { edge.append(leafHash: EventHash.leaf(entry: EventHash.entry(event))) }
      return true
    }
    return edge.size == position ? edge.root : nil
  }

  /// Sends the events from `first` on without waiting, so that Postgres writes them while the next ones are decided.
  /// What goes wrong with them shows at the commit.
  public func sendAhead(_ batch: EventBatch, from first: Int) {
    connection.sendAhead(batch.statement(ledger: ledger, from: first))
  }

  /// Writes what is left of the batch, from `first` on, and commits: one round trip. Whether it is durable is unknown
  /// where this throws `.connectionLost` or `.timeout`.
  ///
  /// - Parameter erasures: the erasures among the events, each with how many positions it names: persons are forgotten with
  ///   the commit, and so are personal parts as far as the ledger may wait for it; `PendingErasures` carries out the rest.
  public func commit(
    _ batch: EventBatch, from first: Int = 0, newTokens: [PersonName: String], seals: [Seal],
    erasures: [(position: Int64, positions: Int)] = []
  ) throws(PostgresError) {
    // The long one first: until a first message is there as a whole, the session still counts as idle, and a process
    // that is stopped while it sends it loses the lock like one that is stopped before.
    var statements = first < batch.count ? [batch.statement(ledger: ledger, from: first)] : []
    // Before new tokens: a person who was forgotten in this batch may have another one by its end.
    statements += ErasureStatements.inCommit(ledger, erasures)
    if !newTokens.isEmpty { statements.append(PersonTokens.insert(ledger: ledger, newTokens)) }
    statements += seals.map { $0.insert(ledger: ledger) }
    statements.append(Statement("COMMIT"))
    _ = try connection.pipeline(statements)
  }

  /// Gives up the transaction and the lock.
  public func rollback() throws(PostgresError) {
    try connection.execute("ROLLBACK")
  }

  private struct Places {
    var identities: Int?
    var subjects: Int?
    var persons: Int?
    var positions: Int?
    var lastEvents: Int?
  }

  private func add(_ statement: Statement, _ statements: inout [Statement]) -> Int {
    statements.append(statement)
    return statements.count - 1
  }
}

extension LogTransaction {
  /// One more than the limit, so that "too many" shows.
  private static func missed(ledger: String, after: Int64) -> Statement {
    Statement(
      """
      SELECT \(EventColumns.list) FROM daybook.events e
      WHERE e.ledger_id = $1 AND e.position > $2 ORDER BY e.position LIMIT \(missedLimit + 1)
      """, [.text(ledger), .int64(after)])
  }

  /// LIMIT keeps the planner to one look into the index for each identity, also where it planned while the log was empty.
  private static func identities(_ ledger: String, _ identities: [Identity]) -> Statement {
    Statement(
      """
      SELECT \(EventColumns.list)
      FROM unnest($2::text[], $3::text[]) i(id, source)
      CROSS JOIN LATERAL (
        SELECT * FROM daybook.events WHERE ledger_id = $1 AND id = i.id AND source = i.source LIMIT 1) e
      """, [.text(ledger), .texts(identities.map(\.id)), .texts(identities.map(\.source))])
  }

  private static func sequences(_ ledger: String, _ subjects: [String]) -> Statement {
    Statement(
      """
      SELECT s.subject, (
        SELECT e.sequence FROM daybook.events e
        WHERE e.ledger_id = $1 AND e.subject = s.subject ORDER BY e.sequence DESC LIMIT 1)
      FROM unnest($2::text[]) s(subject)
      """, [.text(ledger), .texts(subjects)])
  }

  private static func sequences(_ rows: Rows) -> [String: Int64] {
    var sequences: [String: Int64] = [:]
    for row in 0..<rows.count { sequences[rows.string(row, 0)] = rows.isNull(row, 1) ? 0 : rows.int64(row, 1) }
    return sequences
  }

  private static func lastEvents(_ ledger: String, _ subjects: [String]) -> Statement {
    Statement(
      """
      SELECT \(EventColumns.list)
      FROM unnest($2::text[]) s(subject)
      CROSS JOIN LATERAL (
        SELECT * FROM daybook.events
        WHERE ledger_id = $1 AND subject = s.subject ORDER BY sequence DESC LIMIT 1) e
      """, [.text(ledger), .texts(subjects)])
  }

  private static func events(_ ledger: String, _ positions: [Int64]) -> Statement {
    Statement(
      "SELECT \(EventColumns.list) FROM daybook.events e WHERE e.ledger_id = $1 AND e.position = ANY($2)",
      [.text(ledger), .int64s(positions)])
  }
}

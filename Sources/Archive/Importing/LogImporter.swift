import Dispatch
import Domain
public import Exports
import Integrity
import Log
public import Postgres
import Synchronization

/// Puts an export back into an empty ledger, as it was: positions, ids, recorded times, persons' tokens, root.
///
/// It is one transaction: every hash, sequence and root is checked before it commits, and whatever goes wrong leaves
/// the
/// ledger as empty as it was. Personal parts that events of the export erased do not come back, even from an older
/// copy of
/// a personal file.
public enum LogImporter {
  /// Imports a folder or a file of records.
  ///
  /// - Parameters:
  ///   - connection: A login that may take `daybook_writer`; nobody else uses it meanwhile.
  ///   - verifier: What the export must fit; its `visit` is taken for the import.
  /// - Returns: what the verification found: nothing, or erasures that were applied.
  /// - Throws: `ArchiveError` `refused` where the export does not verify or does not begin at 1, `notEmpty`;
  ///   `ExportError`; and what Postgres answers.
  public static func run(
    _ connection: Connection, _ path: String, ledger: String, verifier: ExportVerifier
  ) throws -> ExportReport {
    do {
      return try run(connection, path, ledger: ledger, verifier, ErasureScan.erasures(path, isThorough: false))
    } catch is ImportCollector.UnforeseenErasure {
      return try run(connection, path, ledger: ledger, verifier, ErasureScan.erasures(path, isThorough: true))
    }
  }

  private static func run(
    _ connection: Connection, _ path: String, ledger: String, _ usual: ExportVerifier,
    _ erasures: ErasureScan.Erasures
  ) throws -> ExportReport {
    let queue = PieceQueue()
    let collector = ImportCollector(queue, erased: erasures.positions)
    var verifier = usual
    verifier.endsAtFirstFinding = true
    verifier.visit = { exported in
      guard exported.event.ledger == ledger else {
        throw ArchiveError(.refused, "the export is of the ledger \(exported.event.ledger), not of \(ledger)")
      }
      try collector.take(exported)
    }
    try begin(connection, ledger: ledger)
    do {
      let report = try copy(connection, path, verifier, queue, collector)
      let tokens = Set(erasures.data.flatMap { PersonToken.tokens(in: $0) })
      let persons = try PersonScan.persons(path).filter { !tokens.contains($0.token) }
      try finish(connection, ledger: ledger, report, collector, persons, forgotten: tokens)
      return report
    } catch {
      if connection.isOpen { _ = try? connection.execute("ROLLBACK") }
      throw error
    }
  }

  private static func begin(_ connection: Connection, ledger: String) throws {
    try connection.execute("BEGIN")
    try LedgerRows.create(connection, ledger)
    try connection.execute("SELECT 1 FROM daybook.ledgers WHERE ledger_id = $1 FOR NO KEY UPDATE", [.text(ledger)])
    if try LogReader(connection, ledger: ledger).head().position > 0 {
      _ = try? connection.execute("ROLLBACK")
      throw ArchiveError(.notEmpty, "the ledger \(ledger) has events already")
    }
  }

  /// Verifies on another thread while Postgres takes the rows.
  private static func copy(
    _ connection: Connection, _ path: String, _ verifier: ExportVerifier, _ queue: PieceQueue,
    _ collector: ImportCollector
  ) throws -> ExportReport {
    let outcome = Outcome()
    DispatchQueue.global().async {
      outcome.run {
        let report = try verifier.verify(path)
        try collector.finish()
        return report
      }
      queue.end(outcome.failure)
    }
    do { try connection.copyIn(EventCopy.sql) { try queue.take() } } catch {
      queue.abandon()
      outcome.wait()
      throw error
    }
    return try outcome.wait().get()
  }

  private static func finish(
    _ connection: Connection, ledger: String, _ report: ExportReport, _ collector: ImportCollector,
    _ named: [SegmentContents.Person], forgotten: Set<String>
  ) throws {
    if let finding = report.findings.first(where: { $0.kind != .erasurePending }) {
      throw ArchiveError(
        .refused, "the export does not verify: position \(finding.position): \(finding.detail) [\(finding.kind)]")
    }
    var (edge, seals, persons) = collector.result
    guard report.first <= 1, edge.size == report.last, edge.root == report.root else {
      throw ArchiveError(.refused, "the export does not begin at position 1, or is not whole")
    }
    for person in named {
      persons[PersonName(kind: person.kind, value: ExactText(person.value))] = person.token
    }
    // Somebody else's event may still name a session that was forgotten with its person.
    persons = persons.filter { !forgotten.contains($0.value) }
    for seal in seals { try seal.keep(connection, ledger: ledger) }
    let entries = Array(persons)
    for start in stride(from: 0, to: entries.count, by: 10_000) {
      let part = entries[start..<min(start + 10_000, entries.count)]
      let statement = PersonTokens.insert(
        ledger: ledger, Dictionary(part.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 }))
      try connection.execute(statement.sql, statement.parameters)
    }
    try connection.execute("COMMIT")
    // The planner knows nothing of rows that came in one piece.
    _ = try? connection.execute("ANALYZE daybook.events")
  }

  /// How the verification went, across threads.
  private final class Outcome: Sendable {
    private let result = Mutex<Result<ExportReport, any Error>?>(nil)
    private let done = DispatchSemaphore(value: 0)

    func run(_ body: () throws -> ExportReport) {
      let outcome = Result { try body() }
      result.withLock { $0 = outcome }
      done.signal()
    }

    var failure: (any Error)? {
      guard case .failure(let error) = result.withLock({ $0 }) else { return nil }
      return error
    }

    @discardableResult
    func wait() -> Result<ExportReport, any Error> {
      done.wait()
      return result.withLock { $0 } ?? .failure(PieceQueue.Abandoned())
    }
  }
}

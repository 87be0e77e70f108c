import Crypto
import Domain
import Glibc
import Postgres

/// Signs every ledger until it is cancelled: the body of a notary, in a process of its own or beside the API.
///
/// Any number of them may run on one database: each ledger is signed by one at a time, which holds an advisory lock. No lock of a
/// ledger's writers is ever taken.
public actor NotaryRunner {
  /// Between two tries to get a ledger that another notary holds.
  private static let lockPause: Duration = .seconds(1)

  private let options: NotaryOptions
  private let report: @Sendable (String) -> Void
  private let executor = QueueExecutor(label: "daybook.notary")
  private nonisolated let board = NotaryBoard()
  private var connection: Connection?
  private var key: NotaryKey?
  private var desks: [String: LedgerDesk] = [:]
  private var heldElsewhere: [String: ContinuousClock.Instant] = [:]
  /// What was said last, so that it is not said again each round.
  private var said: String?

  /// Runs on its own queue, as its calls block.
  public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// Makes a notary.
  ///
  /// - Parameter report: Told what an operator should hear, from any thread.
  public init(_ options: NotaryOptions, report: @escaping @Sendable (String) -> Void = { _ in }) {
    var own = options
    own.database.role = "daybook_notary"
    own.database.applicationName = "daybook notary"
    own.database.parameters.merge(Self.sessionParameters) { _, ours in ours }
    self.options = own
    self.report = report
  }

  /// Plans made while the log was small must not scan it when it is large; a machine that vanished must lose its locks.
  private static let sessionParameters = [
    "enable_seqscan": "off", "enable_bitmapscan": "off", "jit": "off", "synchronous_commit": "on",
    "tcp_keepalives_idle": "5", "tcp_keepalives_interval": "2", "tcp_keepalives_count": "3",
    "idle_in_transaction_session_timeout": "10s",
  ]

  /// Compares every ledger with what was signed last, before anybody may append: an older backup is found out here.
  ///
  /// - Throws: what keeps the notary from working at all.
  public func prepare() throws { _ = try round() }

  /// Signs until the task is cancelled; comes back by itself when the database was away.
  public func run() async {
    await withTaskGroup { group in
      for witness in options.witnesses {
        let desk = WitnessDesk(witness, options.database, board: board, report: report)
        group.addTask { await desk.run() }
      }
      while !Task.isCancelled {
        var hasMore = false
        do {
          hasMore = try round()
          if key != nil { said = nil }
        } catch {
          sayOnce("\(error)")
          drop()
        }
        if hasMore { await Task.yield() } else { try? await Task.sleep(for: options.pace) }
      }
      group.cancelAll()
    }
    drop()
  }

  private func drop() {
    for ledger in desks.keys { board.show(ledger, nil) }
    desks = [:]
    heldElsewhere = [:]
    connection?.close()
    connection = nil
  }

  private func sayOnce(_ text: String) {
    if said != text { report(text) }
    said = text
  }

  /// One look at all ledgers; true where there is more to do at once.
  private func round() throws -> Bool {
    let connection = try readyConnection()
    guard let key = try readyKey(connection) else { return false }
    let rows = try connection.execute(
      """
      SELECT l.ledger_id, coalesce(
        (SELECT e.position FROM daybook.events e WHERE e.ledger_id = l.ledger_id ORDER BY e.position DESC LIMIT 1), 0)
      FROM daybook.ledgers l ORDER BY l.ledger_id
      """)
    var hasMore = false
    for row in 0..<rows.count {
      let (ledger, head) = (rows.string(row, 0), rows.int64(row, 1))
      guard let desk = try desk(ledger, head, key, connection) else { continue }
      hasMore = try desk.step(connection, head: head) || hasMore
      board.show(ledger, desk.halt == nil ? desk.signed : nil)
      if desk.isStale { desks[ledger] = nil }
    }
    return hasMore
  }

  private func desk(_ ledger: String, _ head: Int64, _ key: NotaryKey, _ connection: Connection) throws -> LedgerDesk?
  {
    if let desk = desks[ledger] { return desk }
    if let until = heldElsewhere[ledger], ContinuousClock.now < until { return nil }
    let digest = SHA256Digest.hash(Array("daybook/notary/\(ledger)".utf8))
    let lock = digest.prefix(8).reduce(Int64(0)) { $0 << 8 | Int64($1) }
    // Held by the session until it ends; taking it again for a desk that was closed meanwhile does no harm.
    guard try connection.execute("SELECT pg_try_advisory_lock($1)", [.int64(lock)]).boolean(0, 0) else {
      heldElsewhere[ledger] = .now + Self.lockPause
      return nil
    }
    heldElsewhere[ledger] = nil
    let desk = try LedgerDesk.open(connection, ledger: ledger, head: head, options: options, key: key, report: report)
    desks[ledger] = desk
    return desk
  }

  private func readyConnection() throws -> Connection {
    if let connection, connection.isOpen { return connection }
    drop()
    let made = try Connection(options.database)
    made.callTimeout = .seconds(60)
    connection = made
    return made
  }

  /// The key; made where nothing was ever signed. Without the key that signed, nothing is signed here.
  private func readyKey(_ connection: Connection) throws -> NotaryKey? {
    if let key { return key }
    if let read = try NotaryKey.read(options.keyFile) {
      key = read
      return read
    }
    let isSigned = try connection.execute("SELECT EXISTS (SELECT FROM daybook.checkpoint_series)").boolean(0, 0)
    let hasFiles = access(CheckpointFile.path(folder: options.checkpointFolder, ledger: "system"), F_OK) == 0
    guard !isSigned, !hasFiles else {
      sayOnce("there is no key at \(options.keyFile), and another one signed before: nothing is signed here")
      return nil
    }
    do {
      key = try NotaryKey.make(options.keyFile)
      report("made the key that signs the log: \(options.keyFile)")
    } catch {
      // Another process may have been quicker.
      guard let read = try NotaryKey.read(options.keyFile) else { throw error }
      key = read
    }
    return key
  }
}

import Domain
import Integrity
import Postgres

/// Asks one witness for cosignatures of the newest checkpoints, one request at a time; signing never waits for it.
actor WitnessDesk {
  /// Between two looks for a newer checkpoint.
  private static let pace: Duration = .milliseconds(300)
  /// After a failure, doubled up to the second.
  private static let pauses: (first: Duration, last: Duration) = (.seconds(1), .seconds(60))
  /// Times that a size which the witness names is tried with.
  private static let tries = 3

  private let witness: Witness
  private let pool: ConnectionPool
  private let board: NotaryBoard
  private let report: @Sendable (String) -> Void
  private let post: @Sendable (_ url: String, _ body: [UInt8]) async throws -> (status: Int, body: [UInt8])
  /// The size and series that the witness cosigned last, by ledger.
  private var cosigned: [String: (series: Int, size: Int64)] = [:]
  private var said: [String: String] = [:]

  init(
    _ witness: Witness, _ database: ConnectionSettings, board: NotaryBoard,
    report: @escaping @Sendable (String) -> Void
  ) {
    self.witness = witness
    self.board = board
    self.report = report
    pool = ConnectionPool(database, size: 1)
    let client = WitnessClient()
    post = { try await client.post($0, $1) }
  }

  /// Asks until the task is cancelled.
  func run() async {
    var pause = Self.pauses.first
    while !Task.isCancelled {
      let hasFailed = await askForAll()
      try? await Task.sleep(for: hasFailed ? pause : Self.pace)
      pause = hasFailed ? min(pause * 2, Self.pauses.last) : Self.pauses.first
    }
    await pool.close()
  }

  private func askForAll() async -> Bool {
    var hasFailed = false
    for (ledger, checkpoint) in board.latest.sorted(by: { $0.key < $1.key }) {
      if let last = cosigned[ledger], last.series == checkpoint.series, last.size >= checkpoint.checkpoint.size {
        continue
      }
      do {
        try await ask(ledger, checkpoint)
        if said.removeValue(forKey: ledger) != nil { report("witness \(witness.key.name) cosigns \(ledger) again") }
      } catch {
        hasFailed = true
        let text = "witness \(witness.key.name) does not cosign \(ledger): \(error)"
        if said.updateValue(text, forKey: ledger) != text { report(text) }
      }
    }
    return hasFailed
  }

  private func ask(_ ledger: String, _ checkpoint: SignedCheckpoint) async throws {
    let size = checkpoint.checkpoint.size
    var oldSize = try await lastCosigned(ledger, checkpoint.series)
    for _ in 0..<Self.tries {
      let path = try await consistency(ledger, from: oldSize, to: checkpoint.checkpoint)
      let (status, body) = try await post(
        witness.url + "/add-checkpoint",
        WitnessTalk.request(oldSize: oldSize, path: path, note: checkpoint.note))
      switch WitnessTalk.meaning(status: status, body: body, note: checkpoint.note, key: witness.key) {
      case .cosigned(let line):
        try await keep(ledger, checkpoint, line)
        cosigned[ledger] = (checkpoint.series, size)
        return
      case .knows(let known):
        guard known <= size else {
          throw Refusal("it says that it saw \(known) entries, and the log has \(size): was the log cut off?")
        }
        oldSize = known
      case .refused(let why): throw Refusal(why)
      }
    }
    throw Refusal("it names another size each time")
  }

  /// The path from a size that the witness knows; empty from nothing, and to the same size.
  private func consistency(_ ledger: String, from oldSize: Int64, to checkpoint: Checkpoint) async throws -> [[UInt8]]
  {
    if oldSize == 0 || oldSize == checkpoint.size { return [] }
    let size = checkpoint.size
    return try await pool.withConnection { connection in
      let tree = TiledTree(size: size, source: StoredTiles(connection, ledger: ledger, signedSize: size))
      let (_, root, path) = try tree.consistency(from: oldSize)
      guard root == checkpoint.root else { throw Refusal("the tiles do not give the root that was signed") }
      return path
    }
  }

  private func lastCosigned(_ ledger: String, _ series: Int) async throws -> Int64 {
    if let last = cosigned[ledger], last.series == series { return last.size }
    let name = witness.key.text
    return try await pool.withConnection { connection in
      let rows = try connection.execute(
        """
        SELECT position FROM daybook.cosignatures
        WHERE ledger_id = $1 AND witness = $2 AND series = $3 ORDER BY position DESC LIMIT 1
        """, [.text(ledger), .text(name), .int32(Int32(series))])
      return rows.count == 1 ? rows.int64(0, 0) : 0
    }
  }

  private func keep(_ ledger: String, _ checkpoint: SignedCheckpoint, _ line: String) async throws {
    let name = witness.key.text
    try await pool.withConnection { connection in
      _ = try connection.execute(
        """
        INSERT INTO daybook.cosignatures (ledger_id, series, position, witness, line, received_at)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
        """,
        [
          .text(ledger), .int32(Int32(checkpoint.series)), .int64(checkpoint.checkpoint.size), .text(name),
          .text(line), .timestamp(Timestamp.now.microseconds),
        ])
    }
  }

  /// Why there is no cosignature.
  struct Refusal: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
  }
}

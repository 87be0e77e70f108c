public import Integrity
public import Postgres

/// The tree's right edge and root at a position, kept so that any process picks the tree up without hashing the whole log.
public struct Seal: Sendable, Equatable {
  /// Events between two seals at most, so that picking up hashes at most this many entries.
  public static let interval: Int64 = 1024

  /// The edge of all events up to the position `edge.size`.
  public var edge: TreeEdge

  /// Seals an edge.
  public init(_ edge: TreeEdge) { self.edge = edge }

  /// The position sealed.
  public var position: Int64 { edge.size }

  /// Keeps the seal; a second process may have kept the same one.
  func insert(ledger: String) -> Statement {
    Statement(
      """
      INSERT INTO daybook.seals (ledger_id, position, edge, root) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
      """, [.text(ledger), .int64(position), .bytes(edge.encoded), .bytes(edge.root)])
  }

  /// The newest seal at or below a position; the empty tree where there is none.
  ///
  /// - Throws: `LogError.corrupt` where edge and root do not fit.
  public static func latest(_ connection: Connection, ledger: String, upTo position: Int64) throws -> Seal {
    let rows = try connection.execute(
      """
      SELECT position, edge, root FROM daybook.seals
      WHERE ledger_id = $1 AND position <= $2 ORDER BY position DESC LIMIT 1
      """, [.text(ledger), .int64(position)])
    guard rows.count == 1 else { return Seal(TreeEdge()) }
    let size = rows.int64(0, 0)
    guard let edge = TreeEdge(size: size, encoded: rows.bytes(0, 1)), edge.root == rows.bytes(0, 2) else {
      throw LogError(.corrupt, "the seal at position \(size) of ledger \(ledger) does not give its own root")
    }
    return Seal(edge)
  }

  /// Keeps the seal outside of an append.
  public func keep(_ connection: Connection, ledger: String) throws(PostgresError) {
    let statement = insert(ledger: ledger)
    try connection.execute(statement.sql, statement.parameters)
  }
}

import Dispatch
import Glibc
public import Postgres

/// How a stretch of the log is read: range by range, by several connections at a time, all in one snapshot.
///
/// Postgres makes the rows of one connection on one core, and that is what takes longest.
public struct RangedReading: Sendable {
  /// How many connections read at a time; one more than one needs `connections`.
  public var workers = 1
  /// Positions that a worker reads at once: enough to be worth a round trip, few enough for the caches.
  public var rangeSize: Int64 = 2048
  /// How further connections are opened; nil: the caller's alone is used.
  public var connections: ConnectionSettings?

  /// Most connections that read at a time: each takes a core here and one in Postgres.
  public static let workersAtMost = 64

  /// A worker for each core of this machine, where Postgres often is, too.
  public static var workersForAllCores: Int {
    max(1, min(workersAtMost, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
  }

  /// Reads over the caller's connection alone.
  public init() {}

  /// Reads over the caller's connection and others, `workers` in all.
  public init(_ connections: ConnectionSettings, workers: Int) {
    self.connections = connections
    self.workers = workers
  }

  /// Hands over in order what each range gave.
  ///
  /// - Parameters:
  ///   - connection: Inside a transaction that reads one snapshot, which the others are given.
  ///   - reader: Makes, for a connection that nobody else uses meanwhile, what reads a range; it answers nil where nothing was
  ///     in it. Called once for each worker, on its own thread.
  ///   - take: Takes one part after the other; from any thread, one call at a time.
  /// - Throws: what Postgres answers, and what either of the two throws: it ends the work of all.
  public func read<Part: Sendable>(
    _ connection: Connection, ledger: String, after: Int64, upTo: Int64,
    by reader: @escaping @Sendable (Connection) throws -> (LogRange) throws -> Part?, _ take: (Part) throws -> Void
  ) throws {
    try withoutActuallyEscaping(take) { take in
      let ranges = max(0, upTo - after) / rangeSize + 1
      let workers = max(1, min(connections == nil ? 1 : self.workers, Int(clamping: ranges)))
      let queue = RangeQueue(after: after, upTo: upTo, size: rangeSize, workers: workers, take: take)
      let group = DispatchGroup()
      do {
        if workers > 1, let connections {
          let snapshot = try connection.execute("SELECT pg_export_snapshot()").string(0, 0)
          for number in 1..<workers {
            DispatchQueue(label: "daybook.ranges.\(number)").async(group: group) {
              do { try Self.join(snapshot, connections) { try Self.work(queue, $0, ledger, reader) } } catch {
                queue.fail(error)
              }
            }
          }
        }
        try Self.work(queue, connection, ledger, reader)
      } catch { queue.fail(error) }
      // The snapshot lives as long as the caller's transaction, so the others end before it does.
      group.wait()
      if let failure = queue.failure { throw failure }
    }
  }

  /// Lends a connection of its own that sees what another one sees.
  private static func join(
    _ snapshot: String, _ settings: ConnectionSettings, _ body: (Connection) throws -> Void
  ) throws {
    let connection = try Connection(settings)
    defer { connection.close() }
    connection.callTimeout = nil
    try connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    try connection.execute("SET TRANSACTION SNAPSHOT \(connection.literal(snapshot))", isPrepared: false)
    try body(connection)
  }

  private static func work<Part: Sendable>(
    _ queue: RangeQueue<Part>, _ connection: Connection, _ ledger: String,
    _ reader: (Connection) throws -> (LogRange) throws -> Part?
  ) throws {
    let read = try reader(connection)
    while let (number, range) = queue.next() {
      let part = try read(range)
      if part == nil {
        let rows = try connection.execute(
          "SELECT min(position) FROM daybook.events WHERE ledger_id = $1 AND position > $2",
          [.text(ledger), .int64(range.upTo)])
        queue.skip(to: rows.optionalInt64(0, 0).map { $0 - 1 } ?? .max)
      }
      try queue.deliver(part, of: number)
    }
  }
}

public import Domain
public import Postgres

/// Where a projection of a ledger stands.
public struct BookStatus: Sendable, Equatable {
  /// What is going on, in one word.
  public enum State: String, Sendable {
    /// Posted up to the head, and somebody holds it.
    case current
    /// Behind the head, and somebody holds it.
    case posting
    /// An event cannot be posted: see `fault`.
    case stopped
    /// Nobody holds it: no projector runs, or it is stuck elsewhere.
    case unattended
  }
  /// The book.
  public var projection: String
  /// The live version.
  public var version: Int
  /// Whose book.
  public var ledger: String
  /// One word.
  public var state: State
  /// The last event posted.
  public var position: Int64
  /// The last event of the ledger.
  public var head: Int64
  /// When the head was recorded: a head that stands still shows here, where lag alone would look like zero.
  public var headRecordedTime: Timestamp?
  /// Events not yet posted.
  public var lagPositions: Int64
  /// Age of the oldest event not yet posted; zero when there is none.
  public var lagSeconds: Double
  /// When the cursor moved last.
  public var postedAt: Timestamp?
  /// The process that holds the book: application name and backend pid.
  public var holder: String?
  /// What stopped it.
  public var fault: PostingFault?
  /// A build beside it: which version, and how far.
  public var building: Building?

  /// An event that cannot be posted.
  public struct PostingFault: Sendable, Equatable {
    /// The version that stopped: the live one's, or the one being built.
    public var version: Int
    /// The event.
    public var position: Int64
    /// Postgres's code.
    public var sqlState: String
    /// Postgres's primary message.
    public var message: String
    /// Since when.
    public var since: Timestamp
  }
  /// How far a build is.
  public struct Building: Sendable, Equatable {
    /// Version being built.
    public var version: Int
    /// The last event posted into it.
    public var position: Int64
  }
}

extension BookStatus {
  /// Reads the state of every projection of every ledger, in order of ledger and name.
  ///
  /// The connection's role must see the log, `daybook.projections`, `cursors` and `projection_faults`.
  public static func read(_ connection: Connection) throws -> [BookStatus] {
    let rows = try connection.execute(statement)
    return try (0..<rows.count).map { row in
      let projection = rows.string(row, 0)
      let ledger = rows.string(row, 2)
      let position = rows.int64(row, 3)
      let head = rows.int64(row, 4)
      let holder = try holder(projection, ledger, on: connection)
      let fault = fault(rows, row)
      // A build's fault is shown, but it is the live book that stands or moves.
      let isStopped = fault.map { $0.version == rows.int64(row, 1) && $0.position == position + 1 } ?? false
      let state: State = isStopped ? .stopped : holder == nil ? .unattended : position < head ? .posting : .current
      return BookStatus(
        projection: projection, version: Int(rows.int64(row, 1)), ledger: ledger, state: state, position: position,
        head: head, headRecordedTime: moment(rows, row, 5), lagPositions: max(0, head - position),
        lagSeconds: Double(rows.int64(row, 6)) / 1_000_000, postedAt: moment(rows, row, 7), holder: holder,
        fault: fault,
        building: rows.isNull(row, 13)
          ? nil : Building(version: Int(rows.int64(row, 13)), position: rows.int64(row, 14)))
    }
  }

  private static func moment(_ rows: Rows, _ row: Int, _ column: Int) -> Timestamp? {
    rows.isNull(row, column) ? nil : Timestamp(microseconds: rows.timestamp(row, column))
  }

  private static func fault(_ rows: Rows, _ row: Int) -> PostingFault? {
    guard !rows.isNull(row, 8) else { return nil }
    return PostingFault(
      version: Int(rows.int64(row, 8)), position: rows.int64(row, 9), sqlState: rows.string(row, 10),
      message: rows.string(row, 11), since: Timestamp(microseconds: rows.timestamp(row, 12)))
  }

  /// Who holds the advisory lock: Postgres shows a 64-bit key as two halves.
  private static func holder(_ projection: String, _ ledger: String, on connection: Connection) throws -> String? {
    let rows = try connection.execute(
      """
      SELECT a.application_name || ' (backend ' || l.pid || ')'
      FROM pg_locks AS l
      LEFT JOIN pg_stat_activity AS a ON a.pid = l.pid
      WHERE l.locktype = 'advisory'
        AND l.granted
        AND l.objsubid = 1
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND l.classid::bigint = ($1 >> 32) & 4294967295
        AND l.objid::bigint = $1 & 4294967295
      """, [.int64(AdvisoryKey.posting(projection, ledger).value)])
    return rows.count == 0 ? nil : rows.optionalString(0, 0) ?? "unknown"
  }

  /// Lag in time is the age of the oldest event that is not posted, by the server's clock.
  private static let statement = """
    SELECT
      p.projection,
      p.version::bigint,
      l.ledger_id,
      coalesce(c.position, 0),
      coalesce(h.position, 0),
      h.recorded_at,
      coalesce((
        SELECT greatest(0, extract(epoch FROM clock_timestamp() - e.recorded_at) * 1000000)::bigint
        FROM daybook.events AS e
        WHERE e.ledger_id = l.ledger_id AND e.position = coalesce(c.position, 0) + 1
      ), 0),
      c.updated_at,
      f.version::bigint,
      f.position,
      f.sqlstate,
      f.message,
      f.since,
      b.version::bigint,
      coalesce(bc.position, 0)
    FROM daybook.projections AS p
    CROSS JOIN daybook.ledgers AS l
    LEFT JOIN daybook.cursors AS c
      ON c.ledger_id = l.ledger_id AND c.projection = p.projection AND c.build = p.build
    LEFT JOIN LATERAL (
      SELECT e.position, e.recorded_at
      FROM daybook.events AS e
      WHERE e.ledger_id = l.ledger_id
      ORDER BY e.position DESC
      LIMIT 1
    ) AS h ON true
    LEFT JOIN LATERAL (
      SELECT n.build, n.version
      FROM daybook.projections AS n
      WHERE n.projection = p.projection AND n.state = 'building'
      ORDER BY n.build DESC
      LIMIT 1
    ) AS b ON true
    LEFT JOIN daybook.cursors AS bc
      ON bc.ledger_id = l.ledger_id AND bc.projection = p.projection AND bc.build = b.build
    LEFT JOIN LATERAL (
      SELECT x.*
      FROM daybook.projection_faults AS x
      WHERE x.ledger_id = l.ledger_id AND x.projection = p.projection AND x.build IN (p.build, b.build)
      ORDER BY x.build = p.build DESC
      LIMIT 1
    ) AS f ON true
    WHERE p.state = 'live'
    ORDER BY l.ledger_id, p.projection
    """
}

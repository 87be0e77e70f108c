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
  public static func read(_ connection: Connection) throws -> [BookStatus] { fatalError("contract") }
}

/// A sum of a book that differs from the same sum over the log.
public struct BookDifference: Sendable, Equatable {
  /// The book.
  public var projection: String
  /// Whose book.
  public var ledger: String
  /// Which sum, such as `cost USD` or `calls`.
  public var measure: String
  /// The book's sum.
  public var book: String
  /// The log's sum at the same position.
  public var log: String
  /// That position.
  public var position: Int64
}

extension BookDifference {
  /// Compares every book that has a `reconcile.sql` with the log, each at its own position; empty when all agree.
  ///
  /// Reads the whole log of the ledger: for tests, audits and a slow metric, not for every request.
  public static func reconcile(_ connection: Connection, ledger: String) throws -> [BookDifference] {
    fatalError("contract")
  }
}

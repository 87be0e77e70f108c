public import Domain
public import Postgres

/// Answers questions from the books, read-only.
///
/// Every answer is read in one snapshot together with the position that it reflects. SQL runs as `daybook_reader`, which
/// sees books only; names of persons are looked up beside it with the rights of the connection itself.
public final class BookQueries: Sendable {
  /// Makes the reader; connections are opened when first needed and replaced when lost.
  ///
  /// - Parameter settings: A role that may read `daybook.projections`, `cursors`, `persons` and, for `asOf`, the log;
  ///   its login must be a member of `daybook_reader` and `daybook_projector`.
  public init(_ settings: ConnectionSettings, catalogue: ProjectionCatalogue, limits: BookLimits = .init()) {
    fatalError("contract")
  }

  /// The books as they are served now: a version that is still being built is not among them.
  public func definitions() async throws -> [ProjectionDefinition] { fatalError("contract") }

  /// Asks; the rows are still to be taken, with ``BookAnswer/write(as:to:)``, or the answer to be closed.
  ///
  /// - Throws: ``ProjectionError``: `unknownBook`, `unknownQuery`, `unknownLedger`, `badParameters`, `notYetPosted`,
  ///   `beyondHead`, `tooManyReplays`, `timeLimit`, `unavailable`, `stopped`.
  public func open(_ request: BookRequest) async throws -> BookAnswer { fatalError("contract") }

  /// Asks and writes the whole answer into memory: for answers that are known to be small.
  public func bytes(_ request: BookRequest, as format: BookFormat = .json) async throws -> [UInt8] {
    fatalError("contract")
  }

  /// The digest of a book's rows as they are now, or as of a point.
  public func digest(_ projection: String, ledger: String, asOf: ReplayPoint? = nil) async throws -> BookDigest {
    fatalError("contract")
  }

  /// Closes all connections; later calls throw.
  public func close() async { fatalError("contract") }
}

/// What a book says, with the position that it reflects; holds a connection until written or closed.
public final class BookAnswer: Sendable {
  /// The book that answers: the live version, which may be older than the catalogue's.
  public let definition: ProjectionDefinition
  /// The question.
  public let query: QueryDefinition
  /// Whose book.
  public let ledger: String
  /// The last event that the rows reflect; 0 before the first.
  public let position: Int64
  /// When that event was recorded; nil at position 0.
  public let recordedTime: Timestamp?
  /// The columns of this answer: those that its `group_by` names, and those that are always there.
  public let columns: [QueryColumn]

  init() { fatalError("contract") }

  /// Writes everything in parts of some 64 KiB, in constant memory, and gives the connection back.
  public func write(as format: BookFormat, to sink: @Sendable ([UInt8]) async throws -> Void) async throws {
    fatalError("contract")
  }

  /// Gives the connection back without reading the rows.
  public func close() async { fatalError("contract") }
}

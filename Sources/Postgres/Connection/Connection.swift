import CPostgres

/// One connection to Postgres. Calls block (with `poll` and a deadline); not `Sendable`: it lives in one isolation domain.
public final class Connection {
  /// libpq's connection; nil once it is lost or closed.
  private(set) var handle: OpaquePointer?
  /// The statements that are prepared on it.
  var statements = StatementCache()
  /// The wire form of the parameters of the statement that is being sent.
  var parameterBuffer = ParameterBuffer()
  /// Statements that were sent ahead, each with a sync of its own; their results are still to come.
  var sentAhead: [[PipelineStep]] = []
  /// Streams under way, one inside another.
  var openCursors = 0

  /// Deadline of each following call; nil for none. A call past it is cancelled and throws `.timeout`.
  ///
  /// ``copyIn(_:_:)`` and ``stream(_:_:chunk:_:)`` have it for each piece, not in all.
  public var callTimeout: Duration? = .seconds(60)

  /// Backend process id.
  public let backendPID: Int32

  /// Connects within `settings.connectTimeout`.
  public init(_ settings: ConnectionSettings) throws(PostgresError) {
    let handle = try Self.open(settings)
    self.handle = handle
    self.backendPID = PQbackendPID(handle)
  }

  deinit { close() }

  /// False once the connection is known to be lost or closed.
  public var isOpen: Bool { handle != nil }

  /// Where the session stands in its transaction.
  public var transactionStatus: TransactionStatus {
    guard let handle else { return .unknown }
    switch PQtransactionStatus(handle) {
    case PQTRANS_IDLE: return .idle
    case PQTRANS_INTRANS: return .open
    case PQTRANS_INERROR: return .failed
    default: return .unknown
    }
  }

  /// Version of the server as a number: 150020 is 15.20.
  public var serverVersion: Int { handle.map { Int(PQserverVersion($0)) } ?? 0 }

  /// Closes; further calls throw.
  public func close() {
    if let handle { PQfinish(handle) }
    handle = nil
    sentAhead = []
  }

  /// The connection, or why there is none.
  func openHandle() throws(PostgresError) -> OpaquePointer {
    guard let handle else { throw PostgresError(code: .connectionLost, message: "the connection is closed") }
    return handle
  }
}

/// Where a session stands in its transaction.
public enum TransactionStatus: Sendable, Equatable {
  /// No transaction is open.
  case idle
  /// A transaction is open.
  case open
  /// A transaction failed: Postgres accepts nothing but a rollback.
  case failed
  /// The connection is lost, or a call is under way.
  case unknown
}

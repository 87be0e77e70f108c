/// One connection to Postgres. Calls block (with `poll` and a deadline); not `Sendable`: it lives in one isolation domain.
public final class Connection {
  /// Connects within `settings.connectTimeout`.
  public init(_ settings: ConnectionSettings) throws(PostgresError) { fatalError("contract") }
  /// Runs one statement (extended protocol, binary results); statements are prepared once a connection, by their text.
  @discardableResult
  public func execute(_ sql: String, _ parameters: [Parameter] = []) throws(PostgresError) -> Rows { fatalError("contract") }
  /// Sends all statements in one pipeline with one sync at its end: one round trip. Start with `BEGIN` where more than
  /// one must be atomic across pipelines. Throws the first statement's error, with its index; the rest did not run.
  public func pipeline(_ statements: [Statement]) throws(PostgresError) -> [Rows] { fatalError("contract") }
  /// Runs a script of many statements without parameters (simple protocol).
  public func script(_ sql: String) throws(PostgresError) { fatalError("contract") }
  /// Runs a query and hands over its rows in chunks of at most `chunk`, in constant memory, until `body` answers false.
  public func stream(_ sql: String, _ parameters: [Parameter] = [], chunk: Int = 1000, _ body: (Rows) throws -> Bool) throws {
    fatalError("contract")
  }
  /// `COPY … FROM STDIN`: `next` gives data until it answers nil. Answers the number of rows.
  @discardableResult
  public func copyIn(_ sql: String, _ next: () throws -> [UInt8]?) throws -> Int64 { fatalError("contract") }
  /// Listens on a channel.
  public func listen(_ channel: String) throws(PostgresError) { fatalError("contract") }
  /// Notifications that are here, or arrive within `timeout`.
  public func notifications(within timeout: Duration) throws(PostgresError) -> [Notification] { fatalError("contract") }
  /// Deadline of each following call; nil for none. A call past it is cancelled and throws `.timeout`.
  public var callTimeout: Duration? = .seconds(60)
  /// False once the connection is known to be lost or closed.
  public var isOpen: Bool { fatalError("contract") }
  /// Backend process id.
  public var backendPID: Int32 { fatalError("contract") }
  /// Closes; further calls throw.
  public func close() { fatalError("contract") }
}

/// A message of `LISTEN`.
public struct Notification: Sendable { public var channel: String; public var payload: String }

/// A statement of a pipeline.
public struct Statement: Sendable {
  public var sql: String
  public var parameters: [Parameter]
  /// False for statements that run once: they are not kept prepared.
  public var isPrepared: Bool
  /// Makes a statement.
  public init(_ sql: String, _ parameters: [Parameter] = [], isPrepared: Bool = true) {
    self.sql = sql
    self.parameters = parameters
    self.isPrepared = isPrepared
  }
}

/// A bound value, sent in binary form with its type.
public enum Parameter: Sendable {
  case null
  case text(String)
  case textBytes([UInt8])
  case bytes([UInt8])
  case int64(Int64)
  case int32(Int32)
  case boolean(Bool)
  /// `jsonb` from JSON text.
  case json([UInt8])
  /// `timestamptz` from microseconds since 1970.
  case timestamp(Int64)
  case texts([String?])
  case textsBytes([[UInt8]?])
  case bytesArray([[UInt8]?])
  case int64s([Int64?])
  case int32s([Int32?])
  case jsons([[UInt8]?])
  case timestamps([Int64?])
}

/// The rows of one result; owns libpq's memory. Columns are read by index in binary form.
public final class Rows {
  public var count: Int { fatalError("contract") }
  public var columnNames: [String] { fatalError("contract") }
  /// Rows touched by INSERT, UPDATE, DELETE.
  public var affected: Int64 { fatalError("contract") }
  public func isNull(_ row: Int, _ column: Int) -> Bool { fatalError("contract") }
  /// int2, int4 or int8.
  public func int64(_ row: Int, _ column: Int) -> Int64 { fatalError("contract") }
  public func boolean(_ row: Int, _ column: Int) -> Bool { fatalError("contract") }
  public func string(_ row: Int, _ column: Int) -> String { fatalError("contract") }
  public func optionalString(_ row: Int, _ column: Int) -> String? { isNull(row, column) ? nil : string(row, column) }
  /// bytea, or the bytes of a text.
  public func bytes(_ row: Int, _ column: Int) -> [UInt8] { fatalError("contract") }
  public func optionalBytes(_ row: Int, _ column: Int) -> [UInt8]? { isNull(row, column) ? nil : bytes(row, column) }
  /// The text of a jsonb (its version byte taken off) or json.
  public func json(_ row: Int, _ column: Int) -> [UInt8] { fatalError("contract") }
  public func optionalJSON(_ row: Int, _ column: Int) -> [UInt8]? { isNull(row, column) ? nil : json(row, column) }
  /// timestamptz in microseconds since 1970.
  public func timestamp(_ row: Int, _ column: Int) -> Int64 { fatalError("contract") }
  init() {}
}

/// Where and how to connect.
public struct ConnectionSettings: Sendable {
  /// libpq connection string or `postgres://` URL. Never logged: it may hold a password.
  public var url: String
  /// `SET ROLE` after connecting.
  public var role: String?
  public var applicationName: String
  public var connectTimeout: Duration
  /// Server settings sent at start (`idle_in_transaction_session_timeout`, `search_path`, …).
  public var parameters: [String: String]
  /// Makes settings.
  public init(
    url: String, role: String? = nil, applicationName: String = "daybook", connectTimeout: Duration = .seconds(5),
    parameters: [String: String] = [:]
  ) {
    self.url = url
    self.role = role
    self.applicationName = applicationName
    self.connectTimeout = connectTimeout
    self.parameters = parameters
  }
}

/// What Postgres or the way to it answered instead.
public struct PostgresError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure.
  public enum Code: Sendable, Equatable { case connectFailed, connectionLost, timeout, server, misuse, poolExhausted }
  public var code: Code
  /// SQLSTATE for `.server`.
  public var sqlState: String?
  /// Server's primary message; may name objects, never shows parameters.
  public var message: String
  public var constraint: String?
  /// Which statement of a pipeline failed.
  public var statementIndex: Int?
  public var description: String { "\(code)\(sqlState.map { " \($0)" } ?? ""): \(message)" }
}

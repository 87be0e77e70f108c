/// What Postgres or the way to it answered instead.
public struct PostgresError: Error, Sendable, Equatable {
  /// What kind of failure.
  public enum Code: Sendable, Equatable {
    /// No connection was made: wrong address or credentials, or nobody answers.
    case connectFailed
    /// The connection broke. What was under way may or may not have happened.
    case connectionLost
    /// The call's deadline passed. What was under way may have happened, if it was a commit.
    case timeout
    /// Postgres refused the statement; see ``PostgresError/sqlState``.
    case server
    /// The caller's mistake, found before anything was sent.
    case misuse
    /// No connection of the pool became free in time, or the pool is closed.
    case poolExhausted
  }

  /// What kind of failure.
  public var code: Code
  /// SQLSTATE for `.server`, and where Postgres said it for `.connectFailed`, `.connectionLost` and `.timeout`.
  public var sqlState: String?
  /// The primary message. It may name objects; it never shows parameters, values or passwords.
  public var message: String
  /// The constraint that was violated.
  public var constraint: String?
  /// The table that the error is about, without its schema.
  public var table: String?
  /// Which statement of a pipeline failed, from 0.
  public var statementIndex: Int?

  /// Makes an error.
  public init(
    code: Code, sqlState: String? = nil, message: String, constraint: String? = nil, table: String? = nil,
    statementIndex: Int? = nil
  ) {
    self.code = code
    self.sqlState = sqlState
    self.message = message
    self.constraint = constraint
    self.table = table
    self.statementIndex = statementIndex
  }
}

extension PostgresError: CustomStringConvertible {
  /// Code, SQLSTATE and message: fit for a log.
  public var description: String { "\(code)\(sqlState.map { " \($0)" } ?? ""): \(message)" }
}

/// Where and how to connect.
public struct ConnectionSettings: Sendable {
  /// libpq connection string or `postgres://` URL. Never logged: it may hold a password.
  public var url: String
  /// The role to act as (`SET ROLE`), with no more than its grants.
  public var role: String?
  /// What `pg_stat_activity` calls the connection.
  public var applicationName: String
  /// How long connecting may take in all.
  public var connectTimeout: Duration
  /// Server settings sent at start (`idle_in_transaction_session_timeout`, `search_path`, …).
  ///
  /// They win over the ones that every connection has: UTC, ISO dates, UTF-8.
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

extension ConnectionSettings: CustomStringConvertible, CustomDebugStringConvertible {
  /// The name and the role, without the address: it may hold a password.
  public var description: String { "\(applicationName)\(role.map { " as \($0)" } ?? "")" }
  /// The same.
  public var debugDescription: String { description }
}

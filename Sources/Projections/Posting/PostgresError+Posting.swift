import Postgres

extension PostgresError {
  /// True where the same statement may succeed later: it says nothing about the events.
  ///
  /// Classes of Appendix A of Postgres's manual: 08 connection, 25 transaction state, 40 rollback (deadlock,
  /// serialisation), 53 resources, 55 object state, 57 operator intervention (statement timeout, shutdown), 58 system.
  var isTransient: Bool {
    guard code == .server, let sqlState else { return code != .misuse }
    return ["08", "25", "40", "53", "55", "57", "58"].contains(String(sqlState.prefix(2)))
  }

  /// True where the connection has to be made anew.
  var isConnectionLoss: Bool {
    switch code {
    case .connectFailed, .connectionLost, .timeout: true
    case .server: sqlState.map { $0.hasPrefix("08") || $0.hasPrefix("57P") } ?? false
    default: false
    }
  }

  /// The SQLSTATE, or a word for what is none.
  var state: String { sqlState ?? "\(code)" }
}

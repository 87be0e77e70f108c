public import Postgres

/// A session that holds a ledger's lock and waits for the rest of a message that its client began to send.
///
/// A process that is stopped between its round trips idles in its transaction, and Postgres ends that after
/// `idle_in_transaction_session_timeout`. One that is stopped while it sends does not idle: no timeout of Postgres 15
/// ends its session, as its transaction counts as running.
public enum StalledHolder {
  /// Ends such sessions of the same login in the same database. Needs no more rights than the login's own, so the
  /// connection must not have taken another role.
  ///
  /// - Parameters:
  ///   - applicationName: What the ledger's writers call their connections.
  ///   - seconds: How long nothing more may have come.
  /// - Returns: How many sessions were ended.
  public static func end(
    _ connection: Connection, applicationName: String, seconds: Int64
  ) throws(PostgresError) -> Int {
    try connection.execute(
      """
      SELECT pg_terminate_backend(a.pid)
      FROM pg_stat_activity a
      WHERE a.datname = current_database()
        AND a.usename = session_user
        AND a.application_name = $1
        AND a.state = 'active'
        AND a.wait_event = 'ClientRead'
        AND a.state_change < clock_timestamp() - make_interval(secs => $2)
      """, [.text(applicationName), .int64(seconds)]
    ).count
  }
}

import Postgres

/// Connections that post: with the projector's role and the planner settings that folds were measured with.
enum PostingConnection {
  static let role = "daybook_projector"

  /// Opens one.
  static func open(_ settings: ConnectionSettings, _ limits: ProjectorLimits) throws -> Connection {
    var settings = settings
    settings.role = role
    settings.applicationName = "daybook projector"
    let connection = try Connection(settings)
    connection.callTimeout = limits.statementTimeout + .seconds(10)
    try connection.script(tuning(limits.statementTimeout))
    return connection
  }

  /// Opens one that holds books by session locks, and speaks at least once a second: whose process is stopped, or whose
  /// machine vanished, loses them to another projector within ten seconds.
  static func openHolding(_ settings: ConnectionSettings, _ limits: ProjectorLimits) throws -> Connection {
    let connection = try open(settings, limits)
    try connection.script(
      """
      SET idle_session_timeout = '10s';
      SET tcp_keepalives_idle = 5;
      SET tcp_keepalives_interval = 2;
      SET tcp_keepalives_count = 3
      """)
    return connection
  }

  /// Session settings, each with its reason.
  private static func tuning(_ statementTimeout: Duration) -> String {
    """
    -- A batch is planned for its own bounds: a generic plan would scan the whole log for every batch.
    SET plan_cache_mode = force_custom_plan;
    -- Compiling a fold takes longer than running it.
    SET jit = off;
    -- Groups are few against rows: hashing beats sorting, whatever the estimate for JSON members says.
    SET enable_sort = off;
    SET work_mem = '128MB';
    -- Cursor and tables are lost together or not at all, and the log has everything: no need to wait for the disk.
    SET synchronous_commit = off;
    SET statement_timeout = \(Int(statementTimeout / .milliseconds(1)));
    -- A process that is stopped in the middle of a batch must not keep its book.
    SET idle_in_transaction_session_timeout = '10s';
    SET timezone = 'UTC'
    """
  }
}

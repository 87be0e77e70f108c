import Postgres

extension Connection {
  /// Runs a body in a transaction; rolls back when it throws.
  func transaction<Value>(_ begin: String = "BEGIN", _ body: () throws -> Value) throws -> Value {
    try script(begin)
    do {
      let value = try body()
      try script("COMMIT")
      return value
    } catch {
      rollBack()
      throw error
    }
  }

  /// Ends a transaction whatever state it is in; a connection that cannot even do that is closed.
  func rollBack() {
    guard isOpen else { return }
    do { try script("ROLLBACK") } catch { close() }
  }

  /// Waits for a lock that lasts until the end of the transaction.
  func lockUntilCommit(_ key: AdvisoryKey) throws {
    try execute("SELECT pg_advisory_xact_lock($1)", [.int64(key.value)])
  }

  /// Takes a lock of the session where it is free.
  func tryLock(_ key: AdvisoryKey) throws -> Bool {
    try execute("SELECT pg_try_advisory_lock($1)", [.int64(key.value)]).boolean(0, 0)
  }

  /// Gives all locks of the session back: its backend would hold them until it notices that the connection is closed, and
  /// who asks right after that would be told that somebody is at work.
  func unlockAll() {
    if isOpen { _ = try? execute("SELECT pg_advisory_unlock_all()") }
  }

  /// Gives a lock of the session back.
  func unlock(_ key: AdvisoryKey) throws {
    try execute("SELECT pg_advisory_unlock($1)", [.int64(key.value)])
  }
}

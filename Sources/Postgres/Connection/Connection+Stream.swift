extension Connection {
  /// Runs a query and hands over its rows in chunks of at most `chunk`, in constant memory, until `body` answers false.
  ///
  /// All chunks are of one snapshot. Outside a transaction it runs in one of its own, read-only; `body` may use the
  /// connection for reading meanwhile. An empty result calls `body` not once.
  public func stream(
    _ sql: String, _ parameters: [Parameter] = [], chunk: Int = 1000, _ body: (Rows) throws -> Bool
  ) throws {
    precondition(chunk > 0, "a chunk has at least one row")
    let ownsTransaction = transactionStatus == .idle
    openCursors += 1
    let cursor = "daybook_stream_\(openCursors)"
    // The planner takes a cursor for somebody who will read a tenth; here all is read.
    let declare = [
      Statement("SET LOCAL cursor_tuple_fraction = 1"),
      Statement("DECLARE \(cursor) NO SCROLL CURSOR FOR \(sql)", parameters, isPrepared: false),
    ]
    defer { openCursors -= 1 }
    do {
      _ = try pipeline(ownsTransaction ? [Statement("BEGIN READ ONLY")] + declare : declare)
      var isWanted = true
      while isWanted {
        let rows = try execute("FETCH FORWARD \(chunk) FROM \(cursor)", isPrepared: false)
        if rows.count == 0 { break }
        isWanted = try body(rows) && rows.count == chunk
      }
      try execute(ownsTransaction ? "COMMIT" : "CLOSE \(cursor)", isPrepared: ownsTransaction)
    } catch {
      // The caller hears of the first error; a failed transaction of his own is his to roll back.
      if isOpen && ownsTransaction && transactionStatus != .idle { _ = try? execute("ROLLBACK") }
      if isOpen && !ownsTransaction && transactionStatus == .open {
        _ = try? execute("CLOSE \(cursor)", isPrepared: false)
      }
      throw error
    }
  }
}

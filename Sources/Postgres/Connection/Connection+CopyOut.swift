import CPostgres

extension Connection {
  /// Bytes that are handed over at once, give or take a row.
  private static let pieceSize = 64 << 10

  /// `COPY … TO STDOUT`: `body` takes the data in pieces of some 64 KiB, in constant memory. Answers the number of rows.
  ///
  /// When `body` throws, the rest is read away and its error is thrown on.
  @discardableResult
  public func copyOut(_ sql: String, _ body: ([UInt8]) throws -> Void) throws -> Int64 {
    var deadline = CallDeadline(callTimeout)
    try beginCopyOut(sql, &deadline)
    var refusal: (any Error)?
    var piece: [UInt8] = []
    func handOver() {
      defer { piece.removeAll(keepingCapacity: true) }
      guard refusal == nil, !piece.isEmpty else { return }
      do { try body(piece) } catch { refusal = error }
    }
    while try takeCopyData(&deadline, { piece.append(contentsOf: $0) }) {
      if piece.count >= Self.pieceSize { handOver() }
    }
    handOver()
    let copied = try copyResult(&deadline)
    if let refusal { throw refusal }
    return copied
  }

  /// `COPY … TO STDOUT (FORMAT binary)` into rows, in place of what they held. Answers the number of rows.
  ///
  /// All of it is kept at once: for parts of a table that are small enough.
  @discardableResult
  public func copyOut(_ sql: String, into rows: CopiedRows) throws(PostgresError) -> Int64 {
    var deadline = CallDeadline(callTimeout)
    rows.clear()
    try beginCopyOut(sql, &deadline)
    while try takeCopyData(&deadline, { rows.append($0) }) {}
    let copied = try copyResult(&deadline)
    try rows.begin()
    try rows.end()
    return copied
  }

  /// `COPY … TO STDOUT (FORMAT binary)` in pieces: `body` reads over the rows of each, in constant memory, while Postgres makes
  /// the next. Answers the number of rows.
  ///
  /// When `body` throws, the copy is cancelled and its error is thrown on; a transaction that the copy is part of has failed
  /// then.
  @discardableResult
  public func copyOut(_ sql: String, by rows: CopiedRows, _ body: (CopiedRows) throws -> Void) throws -> Int64 {
    var deadline = CallDeadline(callTimeout)
    rows.clear()
    try beginCopyOut(sql, &deadline)
    var refusal: (any Error)?
    var hasBegun = false
    func handOver() {
      defer { rows.clear() }
      guard refusal == nil else { return }
      do {
        if !hasBegun { try rows.begin() }
        hasBegun = true
        if rows.unread > 0 { try body(rows) }
      } catch {
        refusal = error
        requestCancel()
      }
    }
    // A piece is handed over when more comes behind it: the last one ends with the end of the copy.
    while try takeCopyData(
      &deadline,
      { row in
        if rows.unread >= Self.pieceSize { handOver() }
        rows.append(row)
      })
    {}
    do {
      let copied = try copyResult(&deadline)
      if refusal == nil { try rows.end() }
      handOver()
      if let refusal { throw refusal }
      return copied
    } catch { throw refusal ?? error }
  }

  private func beginCopyOut(_ sql: String, _ deadline: inout CallDeadline) throws(PostgresError) {
    try sendSimple(sql)
    guard let result = try nextResult(&deadline) else { throw lost() }
    let status = PQresultStatus(result)
    let failure = status == PGRES_FATAL_ERROR ? PostgresError(failedResult: result, statementIndex: nil) : nil
    PQclear(result)
    if let failure {
      if failure.code == .server { try drain(&deadline) }
      throw settled(failure, deadline)
    }
    guard status == PGRES_COPY_OUT else {
      close()
      throw PostgresError(code: .misuse, message: "the statement is not COPY … TO STDOUT")
    }
  }

  /// Lends the next row; false at the end.
  private func takeCopyData(
    _ deadline: inout CallDeadline, _ body: (UnsafeRawBufferPointer) -> Void
  ) throws(PostgresError) -> Bool {
    while true {
      var row: UnsafeMutablePointer<CChar>?
      let length = PQgetCopyData(try openHandle(), &row, 1)
      switch length {
      case 1...:
        body(UnsafeRawBufferPointer(start: row, count: Int(length)))
        PQfreemem(row)
        return true
      case 0:
        // Each wait has the whole time; one for what was cancelled has what is left.
        if !deadline.isCancelled { deadline = CallDeadline(callTimeout) }
        try exchange(&deadline)
      case -1: return false
      default: throw lost()
      }
    }
  }
}

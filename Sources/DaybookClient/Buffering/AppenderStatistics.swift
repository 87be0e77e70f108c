/// What a ``BufferedAppender`` has done since it was opened.
public struct AppenderStatistics: Sendable {
  /// Events that waited in the spool when it was opened.
  public var recovered: Int64 = 0
  /// Events that `add` took.
  public var added: Int64 = 0
  /// Events that the ledger has, duplicates included.
  public var delivered: Int64 = 0
  /// Delivered events that the ledger had already.
  public var duplicates: Int64 = 0
  /// Events that the ledger will never take.
  public var refused: Int64 = 0
  /// Requests that were answered with success.
  public var requests: Int64 = 0
  /// Requests that failed or were refused.
  public var failedRequests: Int64 = 0
  /// Bytes that count against `maximumBytes`.
  public var bytes: Int = 0
  /// The ledger's head with the last success.
  public var head: LedgerHead?
  /// Why the last request failed; nil after a success.
  public var lastError: DaybookError?

  /// Events that wait for delivery.
  public var pending: Int64 { recovered + added - delivered - refused }
}

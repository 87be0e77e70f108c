/// What a rebuild did.
public struct RebuildResult: Sendable, Equatable {
  /// Version that is live now.
  public var version: Int
  /// Events posted.
  public var events: Int64
  /// Digest of the new book by ledger, at the position where it was compared.
  public var digests: [BookDigest]
  /// Ledgers whose old book differed (only with `replacesDiffering`).
  public var differing: [String]
}

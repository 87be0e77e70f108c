public import Postgres

/// Builds a book anew from the log while the old one serves, compares, and swaps.
public struct Rebuild: Sendable {
  /// Rebuilds a projection for all ledgers, with its live definition.
  ///
  /// Blocks until done; run it off the main actor. Task cancellation is seen between batches, and leaves the live book as it is.
  ///
  /// - Parameters:
  ///   - replacesDiffering: Swaps although the old book differs; without it that is an error and the old one stays.
  ///   - progress: Called after every batch.
  /// - Throws: ``ProjectionError``: `unknownBook`, `alreadyBuilding`, `differs`, `stopped`, `unavailable`.
  @discardableResult
  public static func run(
    _ settings: ConnectionSettings, projection: String, replacesDiffering: Bool = false,
    limits: ProjectorLimits = .init(), progress: @escaping @Sendable (RebuildProgress) -> Void = { _ in }
  ) async throws -> RebuildResult { fatalError("contract") }
}

/// How far a build is, over all ledgers.
public struct RebuildProgress: Sendable, Equatable {
  /// Events posted.
  public var posted: Int64
  /// Events to post.
  public var total: Int64
  /// What it is at.
  public var phase: Phase
  /// The steps.
  public enum Phase: String, Sendable { case posting, comparing, swapping, done }
}

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

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

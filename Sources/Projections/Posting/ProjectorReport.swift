/// What an operator should hear from a projector.
public enum ProjectorReport: Sendable, Equatable {
  /// A projection stopped at an event that cannot be posted.
  case stopped(projection: String, ledger: String, fault: BookStatus.PostingFault)
  /// It goes on.
  case resumed(projection: String, ledger: String)
  /// Somebody else has held the book for long, by now this many seconds.
  case lockDenied(projection: String, ledger: String, seconds: Int)
  /// The database is away; next try in some milliseconds.
  case disconnected(message: String, retryInMilliseconds: Int)
  /// A new version is being built.
  case building(projection: String, RebuildProgress)
  /// A new version is live.
  case live(projection: String, version: Int)
  /// Something odd that needs no action at once.
  case notice(String)
}

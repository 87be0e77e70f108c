public import Domain

/// A kill switch that is active.
public struct ActiveKillSwitch: Sendable, Hashable {
  /// `global`, `operation/…`, `model/…`, `provider/…`, `user/…` or `team/…`.
  public var scope: String
  /// Why.
  public var reason: String
  /// The position of the event that activated it.
  public var position: Int64
  /// Since when.
  public var since: Timestamp?

  /// Makes a switch.
  public init(scope: String, reason: String, position: Int64, since: Timestamp? = nil) {
    self.scope = scope
    self.reason = reason
    self.position = position
    self.since = since
  }
}

/// May a call go ahead?
public enum KillSwitchVerdict: Sendable, Hashable {
  /// Nothing stops it, as of a position that was the ledger's head less than the guard's age ago.
  case allowed(position: Int64)
  /// A kill switch stops it.
  case stopped(scope: String, reason: String, position: Int64)
  /// The guard cannot know, so the call must not go ahead.
  case unknown(UnknownReason)

  /// Why the guard cannot know.
  public enum UnknownReason: Sendable, Hashable {
    /// No state has come yet.
    case notConnected
    /// The last state is older than the guard allows.
    case tooOld(age: Duration)
    /// The ledger refused the feed, such as after the key was revoked.
    case refused
    /// The ledger's feed went back behind a position that it had shown before.
    case wentBack
  }

  /// True only for `allowed`.
  public var mayProceed: Bool { if case .allowed = self { true } else { false } }
}

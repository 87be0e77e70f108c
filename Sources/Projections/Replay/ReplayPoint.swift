public import Domain

/// How far a replay goes.
public enum ReplayPoint: Sendable, Hashable {
  /// Up to and with this position.
  case position(Int64)
  /// Up to the last event recorded at or before this moment.
  case time(Timestamp)
}

/// What a guard has answered.
public struct KillSwitchTally: Sendable, Hashable {
  /// Calls that might go ahead.
  public var allowed: Int64 = 0
  /// Calls that a kill switch stopped.
  public var stopped: Int64 = 0
  /// Calls that were refused because the guard could not know.
  public var unknown: Int64 = 0

  /// Calls that were refused.
  public var refused: Int64 { stopped + unknown }

  mutating func count(_ verdict: KillSwitchVerdict) {
    switch verdict {
    case .allowed: allowed += 1
    case .stopped: stopped += 1
    case .unknown: unknown += 1
    }
  }
}

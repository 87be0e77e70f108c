/// How soon a child that died starts again, and when that is given up: pure.
public struct RestartPolicy: Sendable {
  /// What to do after a death.
  public enum Decision: Equatable, Sendable {
    case restart(after: Duration)
    case giveUp
  }
  /// A life shorter than this is a quick death.
  public var quickDeath: Duration
  /// Wait after the first quick death; it doubles with each further one in a row.
  public var firstWait: Duration
  /// The longest wait.
  public var longestWait: Duration
  /// So many quick deaths in a row are too many.
  public var quickDeathLimit: Int
  private var quickDeaths = 0

  /// Makes a policy.
  public init(
    quickDeath: Duration = .seconds(10), firstWait: Duration = .milliseconds(250),
    longestWait: Duration = .seconds(10), quickDeathLimit: Int = 8
  ) {
    precondition(quickDeathLimit > 0 && firstWait <= longestWait)
    self.quickDeath = quickDeath
    self.firstWait = firstWait
    self.longestWait = longestWait
    self.quickDeathLimit = quickDeathLimit
  }

  /// Takes note of a death after a life of `lived`. A long life makes up for all quick deaths before it.
  public mutating func died(after lived: Duration) -> Decision {
    guard lived < quickDeath else {
      quickDeaths = 0
      return .restart(after: firstWait)
    }
    quickDeaths += 1
    if quickDeaths >= quickDeathLimit { return .giveUp }
    var wait = firstWait
    for _ in 1..<quickDeaths where wait < longestWait { wait *= 2 }
    return .restart(after: min(wait, longestWait))
  }
}

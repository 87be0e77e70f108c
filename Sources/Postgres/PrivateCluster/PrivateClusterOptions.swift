/// How a private cluster trades durability for speed, and how many it serves.
public struct PrivateClusterOptions: Sendable {
  /// False only for tests: a crash of the machine may then lose or ruin everything.
  public var isDurable: Bool
  /// Most connections at a time.
  public var maxConnections: Int
  /// How long start and recovery after a crash may take.
  public var startTimeout: Duration
  /// How long a stop may take.
  public var stopTimeout: Duration
  /// Further lines of `postgresql.conf`, which win over ours.
  public var parameters: [String: String]

  /// Makes options.
  public init(
    isDurable: Bool = true, maxConnections: Int = 200, startTimeout: Duration = .seconds(300),
    stopTimeout: Duration = .seconds(60), parameters: [String: String] = [:]
  ) {
    self.isDurable = isDurable
    self.maxConnections = maxConnections
    self.startTimeout = startTimeout
    self.stopTimeout = stopTimeout
    self.parameters = parameters
  }

  /// For a ledger.
  public static let durable = PrivateClusterOptions()
  /// For tests: small and without fsync.
  public static let forTests = PrivateClusterOptions(isDurable: false, startTimeout: .seconds(60))
}

/// How a server is told to stop (`pg_ctl stop -m`).
public enum PrivateClusterStop: String, Sendable {
  /// Rolls back what is open, writes a checkpoint, ends.
  case fast
  /// Ends at once; the next start recovers from the log, as after a crash.
  case immediate
}

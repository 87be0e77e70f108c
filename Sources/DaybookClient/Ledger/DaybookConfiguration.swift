/// Settings of a client; the defaults suit a service beside its ledger.
public struct DaybookConfiguration: Sendable {
  /// The `source` of events that name none: who produces them; 1 to 256 printable ASCII characters.
  public var source: String
  /// How long one attempt may take.
  public var timeout: Duration
  /// When and how often to try again.
  public var retry: RetryPolicy
  /// Silence after which a live feed is taken for dead; the ledger sends a heartbeat every half second.
  public var feedSilence: Duration
  /// Connections to the deployment at a time.
  public var connections: Int
  /// Lets the key travel unencrypted to another machine; only for networks that encrypt by themselves.
  public var allowsUnencryptedRemote: Bool

  /// Makes settings.
  public init(
    source: String = "/daybook/client", timeout: Duration = .seconds(30), retry: RetryPolicy = .init(),
    feedSilence: Duration = .seconds(3), connections: Int = 64, allowsUnencryptedRemote: Bool = false
  ) {
    self.source = source
    self.timeout = timeout
    self.retry = retry
    self.feedSilence = feedSilence
    self.connections = max(1, connections)
    self.allowsUnencryptedRemote = allowsUnencryptedRemote
  }
}

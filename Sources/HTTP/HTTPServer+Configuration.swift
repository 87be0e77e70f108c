extension HTTPServer {
  /// Bounds and addresses.
  public struct Configuration: Sendable {
    /// Numeric address to bind: `127.0.0.1`, `::1`, `0.0.0.0`, `::` (both families); `localhost` is `127.0.0.1`.
    public var host: String = "127.0.0.1"
    /// 0 takes a free port.
    public var port: Int = 7450
    /// Threads that talk to sockets; handlers run on Swift's own.
    public var threads: Int = 2
    /// One body; beyond it the rejection for `bodyTooLarge` answers.
    public var maxBodyBytes: Int = 16 << 20
    /// All bodies being read or handled; beyond it the rejection for `overloaded` answers.
    public var maxBytesInFlight: Int = 32 << 20
    /// Request target and header fields together; beyond it the rejection for `headersTooLarge` answers.
    public var maxHeaderBytes: Int = 32 << 10
    /// More wait unaccepted.
    public var maxConnections: Int = 1024
    /// Idle time of a connection (whole seconds, rounded up); also of a peer that stops reading its answer.
    public var idleTimeout: Duration = .seconds(60)
    /// How long a body may take to arrive; a slower one is cut off, since it holds a share of `maxBytesInFlight`.
    public var bodyDeadline: Duration = .seconds(60)
    /// How long a handler may take until the rejection for `deadline` answers and its task is cancelled.
    ///
    /// Bodies that a handler streams afterwards are not bounded by it.
    public var handlerDeadline: Duration = .seconds(60)
    /// Bytes of one streamed body that wait for a slow peer.
    public var streamBufferBytes: Int = 256 << 10
    /// PEM text of the certificate chain; both this and `tlsKey`, or none.
    public var tlsCertificate: String?
    /// PEM text of the private key.
    public var tlsKey: String?

    /// Makes defaults.
    public init() {}
  }
}

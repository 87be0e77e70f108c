/// An HTTP/1.1 server over libmicrohttpd.
public final class HTTPServer: Sendable {
  /// Bounds and addresses.
  public struct Configuration: Sendable {
    public var host: String = "127.0.0.1"
    /// 0 takes a free port.
    public var port: Int = 7450
    public var threads: Int = 2
    /// One body.
    public var maxBodyBytes: Int = 16 << 20
    /// All bodies being read or handled; beyond it `overload` answers.
    public var maxBytesInFlight: Int = 32 << 20
    public var maxConnections: Int = 1024
    /// Idle time of a connection.
    public var idleTimeout: Duration = .seconds(60)
    /// PEM texts; both or none.
    public var tlsCertificate: String?
    public var tlsKey: String?
    /// Makes defaults.
    public init() {}
  }
  /// Answers what never reaches the handler (too large, overloaded, malformed path), so that problems look alike.
  public typealias Rejection = @Sendable (_ reason: RejectionReason) -> HTTPResponse
  /// Why a request never reached the handler.
  public enum RejectionReason: Sendable { case bodyTooLarge, overloaded, malformedPath, headersTooLarge, stopping }
  /// Makes a server; nothing listens yet.
  public init(
    _ configuration: Configuration, rejection: @escaping Rejection,
    handler: @escaping @Sendable (HTTPRequest) async -> HTTPResponse
  ) { fatalError("contract") }
  /// Listens; answers the port.
  public func start() throws(HTTPError) -> Int { fatalError("contract") }
  /// Stops accepting, lets running handlers finish within `bound` (streams are ended), then closes.
  public func stop(within bound: Duration) async { fatalError("contract") }
}

/// What the server could not do.
public struct HTTPError: Error, Sendable { public var detail: String }

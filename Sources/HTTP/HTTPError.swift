/// What the server could not do.
public struct HTTPError: Error, Sendable, CustomStringConvertible {
  /// The kind of failure; new ones may come.
  public struct Code: Sendable, Hashable, CustomStringConvertible {
    private enum Kind: String {
      case address
      case tls
      case state
      case daemon
      case peerLeft
      case stopped
    }

    private var kind: Kind

    /// The host is no numeric address, or the port is taken or not allowed.
    public static let address = Code(kind: .address)
    /// Certificate and key are missing, unreadable or do not belong together.
    public static let tls = Code(kind: .tls)
    /// Started twice, or after it was stopped.
    public static let state = Code(kind: .state)
    /// The HTTP library refused to start.
    public static let daemon = Code(kind: .daemon)
    /// The peer closed the connection while a body was written.
    public static let peerLeft = Code(kind: .peerLeft)
    /// The server stopped while a body was written.
    public static let stopped = Code(kind: .stopped)

    /// The code's name.
    public var description: String { kind.rawValue }
  }

  /// What kind of failure it was.
  public var code: Code
  /// What happened, for the operator.
  public var detail: String

  /// Makes an error.
  public init(_ code: Code, _ detail: String) {
    self.code = code
    self.detail = detail
  }

  /// Code and detail.
  public var description: String { "HTTP \(code): \(detail)" }
}

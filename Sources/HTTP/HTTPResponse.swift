/// An answer.
public struct HTTPResponse: Sendable {
  /// 200…599.
  public var status: Int
  /// Header fields in order, repeated where the protocol allows.
  ///
  /// `Content-Length`, `Transfer-Encoding` and `Date` are the server's own and ignored here; a field with an empty
  /// value is left out; one that holds a line break turns the answer into the rejection for `faultyResponse`.
  public var headers: [(name: String, value: String)]
  /// What follows the header.
  public var body: Body

  /// The whole body, or a producer that writes it while it is sent.
  public enum Body: Sendable {
    /// Sent with its length; for `HEAD` only the length is.
    case bytes([UInt8])
    /// Written while it is sent (chunked for HTTP/1.1): ends well when the closure returns, and is cut off, so that
    /// the peer can tell, when it throws.
    ///
    /// The closure runs once, in a task that is cancelled when the peer left or the server stops; it is not run at
    /// all for `HEAD`. See `BodyWriter`.
    case stream(@Sendable (_ writer: BodyWriter) async throws -> Void)
  }

  /// Makes an answer.
  public init(status: Int, headers: [(name: String, value: String)] = [], body: Body = .bytes([])) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

/// A request, read whole and bounded.
public struct HTTPRequest: Sendable {
  /// `GET`, `POST`, …
  public var method: String
  /// Path segments, split on `/` in the raw path first and percent-decoded after. Refused before: `%00`, bad escapes.
  public var path: [String]
  /// Query items in order, decoded.
  public var query: [(name: String, value: String)]
  /// Header fields in order; names compare without case.
  public var headers: [(name: String, value: String)]
  public var body: [UInt8]
  /// Numeric address of the peer.
  public var remoteAddress: String
  /// The first value of a field.
  public func header(_ name: String) -> String? { fatalError("contract") }
  /// The first value of a query item.
  public func queryValue(_ name: String) -> String? { query.first { $0.name == name }?.value }
  /// Makes a request (tests use it without a socket).
  public init(
    method: String, path: [String], query: [(name: String, value: String)] = [],
    headers: [(name: String, value: String)] = [], body: [UInt8] = [], remoteAddress: String = "127.0.0.1"
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.headers = headers
    self.body = body
    self.remoteAddress = remoteAddress
  }
}

/// An answer.
public struct HTTPResponse: Sendable {
  public var status: Int
  public var headers: [(name: String, value: String)]
  public var body: Body
  /// The whole body, or a producer that writes it while it is sent.
  public enum Body: Sendable {
    case bytes([UInt8])
    /// `write` waits while the peer is slow (bounded buffer) and throws once it left; the body ends when this returns.
    case stream(@Sendable (_ writer: BodyWriter) async throws -> Void)
  }
  /// Makes an answer.
  public init(status: Int, headers: [(name: String, value: String)] = [], body: Body = .bytes([])) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

/// Where a streamed body goes.
public final class BodyWriter: Sendable {
  /// Sends bytes, waiting for room.
  public func write(_ bytes: [UInt8]) async throws { fatalError("contract") }
  init() {}
}

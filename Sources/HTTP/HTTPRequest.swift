/// A request, read whole and bounded.
public struct HTTPRequest: Sendable {
  /// `GET`, `POST`, …: as the client spelled it (methods are case-sensitive).
  public var method: String
  /// Path segments, split on `/` in the raw path first and percent-decoded after; `/` alone has none.
  ///
  /// Never holds NUL or invalid UTF-8: such targets are refused before a handler sees them. A segment may hold `/`
  /// (sent as `%2F`), and `.` and `..` are segments like any other.
  public var path: [String]
  /// Query items in order, duplicates kept, percent-decoded, `+` read as a space.
  public var query: [(name: String, value: String)]
  /// Header fields in order; names compare without case.
  public var headers: [(name: String, value: String)]
  /// The whole body; its length is within the server's bound.
  public var body: [UInt8]
  /// Numeric address of the peer: `127.0.0.1`, `::1`, … (an IPv4 peer of a dual-stack socket in IPv4 form).
  public var remoteAddress: String

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

  /// The first value of a header field; the name compares without ASCII case.
  public func header(_ name: String) -> String? {
    headers.first { ASCIICase.isSame($0.name, name) }?.value
  }

  /// The first value of a query item; the name compares byte by byte.
  public func queryValue(_ name: String) -> String? {
    query.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
  }
}

/// Carries requests to a ledger: the seam for other HTTP libraries and for tests.
///
/// An implementation neither retries nor follows redirects (a redirect would take the key elsewhere), and never logs
/// headers or bodies.
public protocol Transport: Sendable {
  /// Sends a request and collects the answer, at most 64 MiB of it, within `request.timeout`.
  ///
  /// - Throws: ``DaybookError`` with `connection` or `timeout`; `CancellationError` where the task was cancelled.
  func send(_ request: TransportRequest) async throws -> TransportResponse

  /// Sends a request and answers with the head as soon as it is there, and with the body as it comes.
  ///
  /// `request.timeout` bounds the wait for the head; silence afterwards is the caller's to watch.
  func open(_ request: TransportRequest) async throws -> TransportStream

  /// Lets go of connections; requests under way fail.
  func close()
}

/// A request as it goes over the wire. Printing it shows neither headers nor body.
public struct TransportRequest: Sendable, CustomStringConvertible {
  /// `GET`, `POST`, `PUT` or `DELETE`.
  public var method: String
  /// Scheme, host, path and query, percent-encoded.
  public var url: String
  /// Header fields, the key among them.
  public var headers: [(name: String, value: String)]
  /// The body, where there is one.
  public var body: [UInt8]?
  /// How long to wait for the whole answer, or for the head of a stream.
  public var timeout: Duration
  /// True where the transport may send it again by itself when a kept connection turns out to be dead: the request carries
  /// its ids, and nobody counts how often it was sent.
  public var mayBeRepeated: Bool

  /// Makes a request.
  public init(
    method: String, url: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil,
    timeout: Duration = .seconds(30), mayBeRepeated: Bool = true
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.timeout = timeout
    self.mayBeRepeated = mayBeRepeated
  }

  /// Method and the address without its query.
  public var description: String { "\(method) \(url.prefix { $0 != "?" })" }
}

/// An answer that was collected whole.
public struct TransportResponse: Sendable {
  /// The HTTP status.
  public var status: Int
  /// Header fields.
  public var headers: [(name: String, value: String)]
  /// The body.
  public var body: [UInt8]

  /// Makes an answer.
  public init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The first header field of this name, whatever its case.
  public func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}

/// An answer whose body is still coming. Letting go of it closes the connection.
public struct TransportStream: Sendable {
  /// Status and headers; the body is empty.
  public var head: TransportResponse
  /// The next piece of the body, waiting for it; nil at the end. One reader at a time.
  ///
  /// - Throws: ``DaybookError`` with `connection` where it is lost; `CancellationError`, also after `cancel`.
  public var next: @Sendable () async throws -> [UInt8]?
  /// Closes the connection; a reader that waits is let go.
  public var cancel: @Sendable () -> Void

  /// Makes a stream.
  public init(
    head: TransportResponse, next: @escaping @Sendable () async throws -> [UInt8]?,
    cancel: @escaping @Sendable () -> Void
  ) {
    self.head = head
    self.next = next
    self.cancel = cancel
  }
}

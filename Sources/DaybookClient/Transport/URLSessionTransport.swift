internal import Dispatch
internal import Foundation

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// The transport over Foundation's URLSession, for `https`: no cookies, no cache, no redirects.
///
/// Certificates are checked against the system's list; on Linux the variable
/// `URLSessionCertificateAuthorityInfoFile` names another.
public final class URLSessionTransport: Transport {
  private let session: URLSession
  private let exchanges: ExchangeRegistry

  /// Makes a transport with its own connections, at most `connections` to one server at a time.
  public init(connections: Int = 64) {
    let configuration = URLSessionConfiguration.ephemeral
    configuration.urlCache = nil
    configuration.httpCookieStorage = nil
    configuration.httpShouldSetCookies = false
    configuration.httpMaximumConnectionsPerHost = connections
    // Deadlines are this module's own; Foundation's must not cut a quiet stream.
    configuration.timeoutIntervalForRequest = 7 * 86_400
    let queue = OperationQueue()
    queue.maxConcurrentOperationCount = 1
    queue.name = "daybook.client.transport"
    exchanges = ExchangeRegistry()
    session = URLSession(
      configuration: configuration, delegate: TransportDelegate(exchanges), delegateQueue: queue)
  }

  deinit { session.invalidateAndCancel() }

  /// Sends a request and collects the answer.
  public func send(_ request: TransportRequest) async throws -> TransportResponse {
    let exchange = CollectingExchange()
    let task = session.dataTask(with: try Self.foundationRequest(request))
    return try await Self.within(request.timeout, task, exchange) {
      try await withCheckedThrowingContinuation { waiter in
        exchange.wait(waiter)
        self.exchanges.begin(task, exchange)
      }
    }
  }

  /// Sends a request and answers with its head.
  public func open(_ request: TransportRequest) async throws -> TransportStream {
    let exchange = StreamingExchange(waitsForReader: false)
    let task = session.dataTask(with: try Self.foundationRequest(request))
    let head = try await Self.within(request.timeout, task, exchange) {
      try await withCheckedThrowingContinuation { waiter in
        exchange.wait(waiter)
        self.exchanges.begin(task, exchange)
      }
    }
    let lease = StreamLease(task, keeping: self)
    let mailbox = exchange.mailbox
    mailbox.onOverflow { task.cancel() }
    let cancel: @Sendable () -> Void = {
      task.cancel()
      mailbox.finish(CancellationError())
    }
    return TransportStream(
      head: head,
      next: {
        defer { withExtendedLifetime(lease) {} }
        return try await withTaskCancellationHandler {
          try await mailbox.next()
        } onCancel: {
          cancel()
        }
      }, cancel: cancel)
  }

  /// Closes connections; requests under way fail.
  public func close() { session.invalidateAndCancel() }

  private static func foundationRequest(_ request: TransportRequest) throws -> URLRequest {
    guard let url = URL(string: request.url) else {
      throw DaybookError(.configuration, "the address is no URL")
    }
    var made = URLRequest(url: url)
    made.httpMethod = request.method
    made.timeoutInterval = 7 * 86_400
    for field in request.headers { made.setValue(field.value, forHTTPHeaderField: field.name) }
    // libcurl would ask for `100 Continue` before larger bodies and wait a second for a server that ignores it.
    if let body = request.body {
      made.setValue("", forHTTPHeaderField: "Expect")
      made.httpBody = Data(body)
    }
    return made
  }

  /// Runs `body` with the deadline and with the caller's cancellation, both of which cancel `task`.
  private static func within<Answer: Sendable>(
    _ timeout: Duration, _ task: URLSessionDataTask, _ exchange: any Exchange,
    _ body: () async throws -> Answer
  ) async throws -> Answer {
    let deadline = DispatchWorkItem {
      exchange.expire()
      task.cancel()
    }
    DispatchQueue.global().asyncAfter(deadline: .now() + timeout.seconds, execute: deadline)
    defer { deadline.cancel() }
    return try await withTaskCancellationHandler {
      try Task.checkCancellation()
      return try await body()
    } onCancel: {
      exchange.giveUp()
      task.cancel()
    }
  }
}

extension Duration {
  /// The duration in seconds.
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}

/// Cancels the request of a stream that nobody reads any more, and keeps the session as long as somebody does.
private final class StreamLease: Sendable {
  private let task: URLSessionDataTask
  private let transport: URLSessionTransport

  init(_ task: URLSessionDataTask, keeping transport: URLSessionTransport) {
    self.task = task
    self.transport = transport
  }

  deinit { task.cancel() }
}

import Synchronization

/// A request on its way to its handler: taken out once, so that its body is freed when the handler returns and not
/// when the task that goes on to write the answer ends.
final class PendingRequest: Sendable {
  private let request: Mutex<HTTPRequest?>

  init(_ request: HTTPRequest) {
    self.request = Mutex(request)
  }

  func take() -> HTTPRequest {
    guard let request = request.withLock({ $0.take() }) else { preconditionFailure("a request is handled once") }
    return request
  }
}

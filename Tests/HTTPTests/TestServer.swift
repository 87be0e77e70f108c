import Foundation
import HTTP

/// Runs a server on a free port around a test, and stops it after.
func withServer<R>(
  _ change: (inout HTTPServer.Configuration) -> Void = { _ in },
  handler: @escaping @Sendable (HTTPRequest) async -> HTTPResponse = describe,
  _ body: (HTTPServer, Int) async throws -> R
) async throws -> R {
  var configuration = HTTPServer.Configuration()
  configuration.port = 0
  change(&configuration)
  let server = HTTPServer(configuration, rejection: rejection, handler: handler)
  let port = try server.start()
  do {
    let result = try await body(server, port)
    await server.stop(within: .seconds(2))
    return result
  } catch {
    await server.stop(within: .zero)
    throw error
  }
}

/// The same for a body that blocks on raw sockets: on a thread of its own, as the handlers need Swift's few.
func withServerAndSockets<R: Sendable>(
  _ change: (inout HTTPServer.Configuration) -> Void = { _ in },
  handler: @escaping @Sendable (HTTPRequest) async -> HTTPResponse = describe,
  _ body: @escaping @Sendable (HTTPServer, Int) throws -> R
) async throws -> R {
  try await withServer(change, handler: handler) { server, port in
    try await onThread { try body(server, port) }
  }
}

/// Runs what blocks on a new thread, within the test's task.
func onThread<R: Sendable>(_ work: @escaping @Sendable () throws -> R) async throws -> R {
  try await withTaskExecutorPreference(ThreadExecutor()) { try work() }
}

/// Runs each job on a new thread.
final class ThreadExecutor: TaskExecutor {
  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    Thread { job.runSynchronously(on: self.asUnownedTaskExecutor()) }.start()
  }
}

/// Answers with what was understood of the request.
@Sendable func describe(_ request: HTTPRequest) async -> HTTPResponse {
  let query = request.query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
  let text = "\(request.method) [\(request.path.joined(separator: "|"))] {\(query)} \(request.body.count)"
  return HTTPResponse(status: 200, headers: [("Content-Type", "text/plain")], body: .bytes(Array(text.utf8)))
}

@Sendable func rejection(_ reason: HTTPServer.RejectionReason) -> HTTPResponse {
  let status =
    switch reason {
    case .bodyTooLarge: 413
    case .overloaded: 429
    case .malformedPath, .malformedFraming: 400
    case .headersTooLarge: 431
    case .stopping: 503
    case .deadline: 504
    case .faultyResponse: 500
    }
  return HTTPResponse(
    status: status, headers: [("Retry-After", "1")], body: .bytes(Array(reason.rawValue.utf8)))
}

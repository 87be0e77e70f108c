import Foundation
import Synchronization

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Posts to witnesses: bounded in time and in what it takes back, without cookies, cache and redirects.
final class WitnessClient: Sendable {
  /// Longest that a witness may take.
  private static let timeout: TimeInterval = 10
  private let session: URLSession
  private let answers = WitnessAnswers()

  init() {
    let configuration = URLSessionConfiguration.ephemeral
    configuration.urlCache = nil
    configuration.httpCookieStorage = nil
    configuration.timeoutIntervalForRequest = Self.timeout
    configuration.timeoutIntervalForResource = Self.timeout
    let queue = OperationQueue()
    queue.maxConcurrentOperationCount = 1
    session = URLSession(configuration: configuration, delegate: answers, delegateQueue: queue)
  }

  deinit { session.invalidateAndCancel() }

  /// Sends a body and waits for the whole answer.
  func post(_ url: String, _ body: [UInt8]) async throws -> (status: Int, body: [UInt8]) {
    guard let url = URL(string: url) else { throw URLError(.badURL) }
    var request = URLRequest(url: url)
    request.httpMethod = "POST"
    request.setValue("text/plain", forHTTPHeaderField: "Content-Type")
    request.setValue("", forHTTPHeaderField: "Expect")
    request.httpBody = Data(body)
    let task = session.dataTask(with: request)
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        answers.expect(task, continuation)
        task.resume()
      }
    } onCancel: {
      task.cancel()
    }
  }
}

/// Gathers answers up to a bound.
///
/// Sendable because its only state is behind a lock.
private final class WitnessAnswers: NSObject, URLSessionDataDelegate {
  typealias Waiting = CheckedContinuation<(status: Int, body: [UInt8]), any Error>

  /// Most bytes of an answer: a signature line is a hundred.
  private static let bytesAtMost = 64 << 10
  private let storage = Mutex<[Int: (body: [UInt8], waiting: Waiting)]>([:])

  func expect(_ task: URLSessionTask, _ waiting: Waiting) {
    storage.withLock { $0[task.taskIdentifier] = ([], waiting) }
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    let isTooMuch = storage.withLock { storage in
      storage[dataTask.taskIdentifier]?.body += data
      return storage[dataTask.taskIdentifier]?.body.count ?? 0 > Self.bytesAtMost
    }
    if isTooMuch { dataTask.cancel() }
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
  ) {
    completionHandler(nil)
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    let answer = storage.withLock { $0.removeValue(forKey: task.taskIdentifier) }
    guard let answer else { return }
    if let error {
      answer.waiting.resume(throwing: WitnessDesk.Refusal("it cannot be reached (\((error as NSError).code))"))
    } else {
      answer.waiting.resume(returning: ((task.response as? HTTPURLResponse)?.statusCode ?? 0, answer.body))
    }
  }
}

internal import Foundation
internal import Synchronization

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// Which exchange belongs to which task.
final class ExchangeRegistry: Sendable {
  private let exchanges = Mutex<[Int: any Exchange]>([:])

  /// Remembers the exchange and starts the task.
  func begin(_ task: URLSessionDataTask, _ exchange: any Exchange) {
    exchanges.withLock { $0[task.taskIdentifier] = exchange }
    task.resume()
  }

  func exchange(of task: URLSessionTask) -> (any Exchange)? {
    exchanges.withLock { $0[task.taskIdentifier] }
  }

  func end(_ task: URLSessionTask) -> (any Exchange)? {
    exchanges.withLock { $0.removeValue(forKey: task.taskIdentifier) }
  }
}

/// Hands URLSession's callbacks to the exchange they belong to.
final class TransportDelegate: NSObject, URLSessionDataDelegate, Sendable {
  private let exchanges: ExchangeRegistry

  init(_ exchanges: ExchangeRegistry) { self.exchanges = exchanges }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
  ) {
    if let response = response as? HTTPURLResponse {
      var headers: [(name: String, value: String)] = []
      for (name, value) in response.allHeaderFields {
        headers.append((name: "\(name)", value: "\(value)"))
      }
      exchanges.exchange(of: dataTask)?.received(
        TransportResponse(status: response.statusCode, headers: headers, body: []))
    }
    completionHandler(.allow)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    if exchanges.exchange(of: dataTask)?.received([UInt8](data)) == false { dataTask.cancel() }
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    exchanges.end(task)?.ended(error.map(Self.failure))
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
  ) {
    completionHandler(nil)
  }

  private static func failure(_ error: any Error) -> DaybookError {
    let code = (error as? URLError)?.code
    let unsent: Set<URLError.Code> = [
      .cannotConnectToHost, .cannotFindHost, .dnsLookupFailed, .secureConnectionFailed,
      .serverCertificateUntrusted, .serverCertificateHasBadDate, .serverCertificateHasUnknownRoot,
    ]
    return DaybookError(
      code == .timedOut ? .timeout : .connection, "the connection failed",
      outcomeIsUnknown: code.map { !unsent.contains($0) } ?? true, cause: error)
  }
}

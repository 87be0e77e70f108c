public import Domain
internal import Foundation

extension Daybook {
  /// Sends any request of the ledger's HTTP interface; the typed calls are built on it.
  ///
  /// A path that starts with `/` is the deployment's (`/v1/keys`); any other is the ledger's (`approvals`).
  /// `GET` is repeated when that may help; `POST`, `PUT` and `DELETE` too, under one `Idempotency-Key`.
  ///
  /// - Parameters:
  ///   - method: `GET`, `POST`, `PUT` or `DELETE`.
  ///   - path: Percent-encoded, without a query.
  ///   - query: Parameters; encoded here.
  ///   - body: The body as bytes.
  ///   - accept: The media type to ask for.
  ///   - contentType: The media type of the body.
  ///   - idempotencyKey: The command's id, 1 to 120 printable ASCII characters; made here where it is nil.
  ///   - retry: Another policy than the client's.
  /// - Throws: ``DaybookError``; `CancellationError`.
  public func send(
    _ method: String, _ path: String, query: [(name: String, value: String)] = [], body: [UInt8]? = nil,
    accept: String = "application/json", contentType: String = "application/json",
    idempotencyKey: String? = nil, retry: RetryPolicy? = nil
  ) async throws -> Answer {
    var headers = [authorisation, (name: "Accept", value: accept)]
    if body != nil { headers.append((name: "Content-Type", value: contentType)) }
    if method != "GET" { headers.append((name: "Idempotency-Key", value: idempotencyKey ?? EventID.make())) }
    let request = TransportRequest(
      method: method, url: address(path, query), headers: headers, body: body, timeout: configuration.timeout)
    return try await send(request, retry: retry ?? configuration.retry) { $0 }
  }

  /// Sends a JSON value.
  public func send(
    _ method: String, _ path: String, query: [(name: String, value: String)] = [], json: JSON,
    idempotencyKey: String? = nil
  ) async throws -> Answer {
    try await send(method, path, query: query, body: json.canonical, idempotencyKey: idempotencyKey)
  }

  /// Sends a request until it is answered or the policy gives up; the ids are in it, so repeating it is safe.
  ///
  /// - Parameter read: Makes sense of a success; an answer that is garbage is asked for again.
  func send<Result>(
    _ request: TransportRequest, retry: RetryPolicy, read: (Answer) throws -> Result
  ) async throws -> Result {
    let start = ContinuousClock.now
    var attempt = 1
    var outcomeIsUnknown = false
    while true {
      do {
        let response = try await transport.send(request)
        guard (200..<300).contains(response.status) else { throw DaybookError(answer: response) }
        return try read(
          Answer(
            status: response.status, headers: response.headers, body: response.body, attempts: attempt))
      } catch var error as DaybookError {
        // Once an attempt may have been applied, a later refusal does not take that back.
        outcomeIsUnknown = outcomeIsUnknown || error.outcomeIsUnknown
        error.outcomeIsUnknown = outcomeIsUnknown
        guard error.isRetryable, attempt < retry.attempts else { throw error }
        attempt += 1
        let wait = retry.delay(
          before: attempt, retryAfter: error.retryAfter, fraction: .random(in: 0..<1))
        guard ContinuousClock.now - start + wait < retry.deadline else { throw error }
        try await Task.sleep(for: wait)
      }
    }
  }

  /// The whole address of a path; what is no plain character is percent-encoded.
  func address(_ path: String, _ query: [(name: String, value: String)]) -> String {
    var address = url
    if path.hasPrefix("/") { address += path } else { address += "/v1/ledgers/\(ledger)/\(path)" }
    var separator = path.contains("?") ? "&" : "?"
    for (name, value) in query {
      address += "\(separator)\(Self.escaped(name))=\(Self.escaped(value))"
      separator = "&"
    }
    return address
  }

  /// Percent-encodes all but RFC 3986's unreserved characters.
  static func escaped(_ text: String) -> String {
    var escaped: [UInt8] = []
    let digits = Array("0123456789ABCDEF".utf8)
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: escaped.append(byte)
      default: escaped += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: escaped, as: UTF8.self)
  }
}

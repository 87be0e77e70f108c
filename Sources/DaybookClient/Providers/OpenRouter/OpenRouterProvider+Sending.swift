internal import Domain

extension OpenRouterProvider {
  /// Repeats `body` where it was surely not served, and the policy and the request allow.
  func persistently<Result>(
    _ request: AIRequest, until end: ContinuousClock.Instant, _ body: () async throws -> Result
  ) async throws -> Result {
    let retry = configuration.retry
    let start = ContinuousClock.now
    var attempt = 1
    while true {
      do {
        return try await body()
      } catch let error as AIProviderError {
        guard error.isWorthRepeating, attempt < retry.attempts else { throw error }
        if let wait = error.retryAfter, wait > configuration.longestRetryAfter { throw error }
        attempt += 1
        let wait = retry.delay(before: attempt, retryAfter: error.retryAfter, fraction: .random(in: 0..<1))
        let next = ContinuousClock.now + wait
        guard next - start < retry.deadline, next < end else { throw error }
        try await Task.sleep(for: wait)
        guard request.mayRepeat() else { throw error }
      }
    }
  }

  /// Sends the request and waits for the head of an answer that is a success.
  ///
  /// Each on a connection of its own: a transport may send again what it sent on a kept one, and nobody wants to pay twice.
  func open(
    _ request: AIRequest, isStream: Bool, until end: ContinuousClock.Instant
  ) async throws -> WatchedStream {
    var headers = [
      authorisation, (name: "Content-Type", value: "application/json"),
      (name: "Accept", value: isStream ? "text/event-stream" : "application/json"),
    ]
    if let referer = configuration.referer { headers.append((name: "HTTP-Referer", value: referer)) }
    if let title = configuration.title { headers.append((name: "X-Title", value: title)) }
    let sent = TransportRequest(
      method: "POST", url: configuration.baseURL + "/chat/completions", headers: headers,
      body: OpenRouterBody.bytes(request, names, isStream: isStream), timeout: max(.zero, end - .now))
    let stream: WatchedStream
    do {
      stream = WatchedStream(stream: try await transport.open(sent))
    } catch let error as DaybookError {
      throw AIProviderError(transport: error)
    }
    let head = stream.stream.head
    guard (200..<300).contains(head.status) else {
      let body = try? await collect(stream, until: end, bound: Limits.providerProblemBytes)
      throw AIProviderError(head, body: body ?? [], scrub: scrub)
    }
    if isStream, head.header("content-type")?.lowercased().hasPrefix("text/event-stream") != true {
      // An error may come as one document where a stream was asked for.
      let body = try await collect(stream, until: end)
      _ = try OpenRouterAnswer(body, scrub: scrub)
      throw AIProviderError(.malformedAnswer, "the answer is no event stream")
    }
    return stream
  }

  /// The whole body, within the bound.
  func collect(
    _ stream: WatchedStream, until end: ContinuousClock.Instant, bound: Int? = nil
  ) async throws -> [UInt8] {
    let bound = bound ?? configuration.answerBytes
    var body: [UInt8] = []
    do {
      while let piece = try await stream.next(within: max(.zero, end - .now)) {
        guard body.count + piece.count <= bound else {
          stream.stream.cancel()
          throw AIProviderError(.answerTooLarge, "the answer has more than \(bound) bytes")
        }
        body += piece
      }
    } catch let error as DaybookError {
      // The model had begun by then.
      var error = error
      error.outcomeIsUnknown = true
      throw AIProviderError(transport: error)
    }
    return body
  }
}

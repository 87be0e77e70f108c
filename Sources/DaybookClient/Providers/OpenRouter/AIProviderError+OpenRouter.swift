internal import Domain

extension AIProviderError {
  /// What a transport met.
  init(transport error: DaybookError) {
    let code: Code =
      switch error.code {
      case .timeout: .timeout
      case .malformedAnswer: .malformedAnswer
      case .configuration, .insecure, .closed: .configuration
      default: .connection
      }
    self.init(code, error.message, isUnserved: !error.outcomeIsUnknown && code != .malformedAnswer, cause: error)
  }

  /// An answer that is no success.
  init(_ head: TransportResponse, body: [UInt8], scrub: (String) -> String) {
    let limits = JSONLimits(depth: 64, bytes: Limits.providerProblemBytes, isForeign: true)
    let problem = (try? JSONDocument(body, limits: limits))?.root["error"]
    self.init(
      Code(status: head.status), "the provider refused the request", status: head.status,
      retryAfter: head.header("retry-after").flatMap { Int64($0) }.map { .seconds(max(0, min($0, 3600))) },
      // OpenRouter answers with such a status only where no model had begun; a gateway's timeout knows nothing.
      isUnserved: ![408, 504, 524].contains(head.status),
      detail: (problem?["message"]?.string).map(scrub))
  }

  /// An error within an answer of status 200: the model had begun.
  init(fault: JSONView, scrub: (String) -> String) {
    let status = fault["code"]?.integer.map { Int($0) }
    var code = Code.modelFailed
    if let status, [401, 402, 403, 429].contains(status) { code = Code(status: status) }
    self.init(
      code, "the model failed within its answer", status: status, isUnserved: false,
      detail: (fault["message"]?.string).map(scrub))
  }

  /// True where the same request may succeed in a moment, and was surely not served.
  var isWorthRepeating: Bool {
    isUnserved && [.connection, .timeout, .rateLimited, .unavailable, .server].contains(code)
  }
}

extension AIProviderError.Code {
  /// The code of an HTTP status that is no success.
  init(status: Int) {
    self =
      switch status {
      case 401: .unauthorised
      case 402: .paymentRequired
      case 403: .forbidden
      case 404: .modelNotFound
      case 408, 504, 524: .timeout
      case 429: .rateLimited
      case 502, 503, 529: .unavailable
      case 500...: .server
      default: .invalidRequest
      }
  }
}

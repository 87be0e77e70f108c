internal import Domain

extension DaybookError {
  /// Reads an answer that is no success: an RFC 9457 problem, or whatever stood between us and the server.
  init(answer: TransportResponse, file: String = #fileID, line: Int = #line) {
    self.init(
      Code(status: answer.status), "the ledger refused the request", status: answer.status, file: file, line: line)
    retryAfter = answer.header("retry-after").flatMap { Int64($0) }.map { .seconds(max(0, min($0, 3600))) }
    // A proxy's error page is no problem document; the status says enough then.
    guard let document = try? JSONDocument(answer.body), document.root.kind == .object else { return }
    let problem = document.root
    problemType = problem["type"]?.string
    title = problem["title"]?.string
    detail = problem["detail"]?.string
    faults = Self.faults(of: problem)
  }

  /// The list `errors`; or the member `index`, where a problem such as `identity-conflict` is about one event.
  private static func faults(of problem: JSONView) -> [ValidationFault] {
    let faults = (problem["errors"]?.elements ?? []).prefix(Limits.faults).map { fault in
      ValidationFault(
        index: fault["index"]?.integer.map(Int.init), pointer: fault["pointer"]?.string ?? "",
        code: fault["code"]?.string ?? "invalid", detail: fault["detail"]?.string ?? "")
    }
    guard faults.isEmpty, let index = problem["index"]?.integer else { return Array(faults) }
    let type = problem["type"]?.string?.split(separator: "/").last.map { String($0) }
    return [
      ValidationFault(
        index: Int(index), pointer: "", code: type ?? "refused", detail: problem["detail"]?.string ?? "")
    ]
  }

  /// An answer that breaks the protocol, such as half a document.
  static func malformed(
    _ message: String, cause: (any Error)? = nil, file: String = #fileID, line: Int = #line
  ) -> Self {
    Self(.malformedAnswer, message, outcomeIsUnknown: true, cause: cause, file: file, line: line)
  }
}

extension DaybookError.Code {
  /// The code of an HTTP status that is no success.
  init(status: Int) {
    self =
      switch status {
      case 400, 422: .invalid
      case 401: .unauthorised
      case 403: .forbidden
      case 404: .notFound
      case 409: .conflict
      case 408: .timeout
      case 413, 414: .tooLarge
      case 429: .overloaded
      case 502, 503, 504: .unavailable
      case 500...: .server
      default: .refused
      }
  }
}

public import Domain

/// What went wrong between a program and its ledger, and whether trying again makes sense.
///
/// `description` names the code, the status, the problem's type and the places of faults: never a key, a payload or the
/// server's free text. `debugDescription` adds the server's title and detail, which hold no secrets but may be long.
public struct DaybookError: Error, Sendable {
  /// What happened.
  public var code: Code
  /// A sentence of this module's own about it; never a payload or a key.
  public var message: String
  /// The HTTP status, where the server answered.
  public var status: Int?
  /// The `type` of the server's RFC 9457 problem, such as `/problems/identity-conflict`.
  public var problemType: String?
  /// The `title` of the server's problem.
  public var title: String?
  /// The `detail` of the server's problem.
  public var detail: String?
  /// What validation found, with the index of the event and a JSON Pointer into it.
  public var faults: [ValidationFault]
  /// How long the server asked to wait (`Retry-After`).
  public var retryAfter: Duration?
  /// True where the request may have taken effect although no answer came; asking again with the same ids is safe.
  public var outcomeIsUnknown: Bool
  /// What lay underneath, for a debugger; not part of `description`.
  public var cause: (any Error)?
  /// Where in this module it was raised.
  public var file: String
  /// The line in `file`.
  public var line: Int

  /// Makes an error.
  public init(
    _ code: Code, _ message: String, status: Int? = nil, problemType: String? = nil, title: String? = nil,
    detail: String? = nil, faults: [ValidationFault] = [], retryAfter: Duration? = nil,
    outcomeIsUnknown: Bool = false, cause: (any Error)? = nil, file: String = #fileID, line: Int = #line
  ) {
    self.code = code
    self.message = message
    self.status = status
    self.problemType = problemType
    self.title = title
    self.detail = detail
    self.faults = faults
    self.retryAfter = retryAfter
    self.outcomeIsUnknown = outcomeIsUnknown
    self.cause = cause
    self.file = file
    self.line = line
  }

  /// True where the same request, with the same ids, may succeed later without anybody changing anything.
  public var isRetryable: Bool {
    switch code {
    case .connection, .timeout, .overloaded, .unavailable, .server, .malformedAnswer: true
    default: false
    }
  }

  /// The last part of `problemType`: `identity-conflict` of `/problems/identity-conflict`.
  public var problem: String? {
    problemType.flatMap { $0.split(separator: "/").last }.map(String.init)
  }
}

extension DaybookError: CustomStringConvertible, CustomDebugStringConvertible {
  /// Code, status, problem type, and the first faults' places.
  public var description: String {
    var text = "DaybookError(\(code)): \(message)"
    if let status { text += " [status \(status)]" }
    if let problemType { text += " [\(problemType)]" }
    for fault in faults.prefix(5) {
      text += "; \(fault.index.map { "event \($0) " } ?? "")\(fault.pointer) \(fault.code)"
    }
    if faults.count > 5 { text += "; and \(faults.count - 5) more faults" }
    if let retryAfter { text += "; retry after \(retryAfter)" }
    return text
  }

  /// `description`, what the server said in words, the cause, and where it was raised.
  public var debugDescription: String {
    var text = description
    if let title { text += "\n  title: \(title)" }
    if let detail { text += "\n  detail: \(detail)" }
    for fault in faults { text += "\n  \(fault.index ?? 0) \(fault.pointer) \(fault.code): \(fault.detail)" }
    if let cause { text += "\n  cause: \(cause)" }
    return text + "\n  at \(file):\(line)"
  }
}

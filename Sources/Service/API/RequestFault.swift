import Domain

/// What is wrong with a request, apart from who asks.
struct RequestFault: Error, Sendable {
  /// A kind of fault, each a problem type.
  enum Code: Sendable {
    case malformedJSON, invalidEvent, invalidRequest, invalidParameter, unsupportedMediaType, notFound
  }
  let code: Code
  var faults: [ValidationFault] = []
  var detail: String?

  init(_ code: Code, _ faults: [ValidationFault] = [], detail: String? = nil) {
    self.code = code
    self.faults = faults
    self.detail = detail
  }

  /// A body that is no JSON under the strict rules.
  init(_ faults: JSONFaults) {
    self.init(
      .malformedJSON,
      faults.faults.map { fault in
        ValidationFault(pointer: fault.pointer, code: fault.code, detail: "at byte \(fault.offset)")
      })
  }
}

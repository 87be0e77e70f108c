import Domain
import HTTP

/// An answer that says what is wrong: RFC 9457, `application/problem+json`.
///
/// Nothing in it repeats what the caller sent but names and places.
struct Problem: Sendable, Equatable {
  /// The stable last part of `type`.
  let slug: String
  let title: String
  /// HTTP status.
  let status: Int
  /// What is special about this occurrence, for people.
  var detail: String?
  /// Every error of validation, with its place.
  var faults: [ValidationFault] = []
  /// Extension members.
  var members: [ExactText: JSON] = [:]

  /// A problem of a known kind.
  init(_ kind: ProblemKind, _ detail: String? = nil, faults: [ValidationFault] = [], members: [ExactText: JSON] = [:])
  {
    slug = kind.rawValue
    title = kind.title
    status = kind.status
    self.detail = detail
    self.faults = faults
    self.members = members
  }

  /// A "no" of the control state, which has slugs of its own.
  init(refusal slug: String, status: Int, detail: String) {
    self.slug = slug
    self.title = "The ledger says no"
    self.status = status
    self.detail = detail
  }

  /// The document.
  var json: JSON {
    var document: [ExactText: JSON] = members
    document["type"] = .text("/problems/\(slug)")
    document["title"] = .text(title)
    document["status"] = .integer(Int64(status))
    if let detail { document["detail"] = .text(detail) }
    if !faults.isEmpty {
      document["errors"] = .array(
        faults.map { fault in
          .object([
            "index": fault.index.map { .integer(Int64($0)) }, "pointer": .text(fault.pointer),
            "code": .text(fault.code),
            "detail": .text(fault.detail),
          ])
        })
    }
    return .object(document)
  }

  /// The answer.
  func response(_ headers: [(name: String, value: String)] = []) -> HTTPResponse {
    HTTPResponse(
      status: status,
      headers: [("Content-Type", "application/problem+json"), ("Cache-Control", "no-store")] + headers,
      body: .bytes(json.canonical))
  }
}

extension HTTPResponse {
  /// An answer in JSON.
  static func json(_ status: Int, _ body: [UInt8]) -> HTTPResponse {
    HTTPResponse(
      status: status, headers: [("Content-Type", "application/json"), ("Cache-Control", "no-store")],
      body: .bytes(body))
  }
}

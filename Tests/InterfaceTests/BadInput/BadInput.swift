import Domain

/// A request that must be refused, and how.
struct BadInput: Sendable {
  /// Who asks.
  enum Caller: Sendable {
    case admin, nobody
    /// Any value of the header.
    case header(String)
    /// A key of the first owner's that was good once.
    case revoked, expired
    /// A key with the admin key's id and another secret.
    case forged
    /// A key of kind agent, one of a person who only audits, one for another ledger, one for the source `/billing/`.
    case agent, auditor, elsewhere, prefixed
  }

  let name: String
  var caller = Caller.admin
  var method = "POST"
  var path = "/v1/ledgers/main/events"
  var mediaType: String? = "application/cloudevents+json"
  var headers: [(name: String, value: String)] = []
  var body: [UInt8] = []

  var status: Int
  var problem: String
  /// The place and the code of one of the errors; nil where the problem says it all.
  var error: (pointer: String, code: String)?

  /// Refusals for lack of a right are recorded, all others leave no trace.
  var isRecorded: Bool {
    ["role-required", "human-required", "agent-may-not-loosen", "ledger-not-in-scope", "source-not-allowed"]
      .contains(problem)
  }
}

extension BadInput {
  /// The attributes of a good event, as JSON texts.
  static let attributes: [String: String?] = [
    "specversion": #""1.0""#, "id": #""bad-1""#, "source": #""/bad""#, "type": #""completion.recorded""#,
    "subject": #""call/1""#, "time": #""2026-01-05T10:00:00Z""#,
  ]
  /// The members of its data, as JSON texts.
  static let members: [String: String?] = [
    "operation": #""chat_message""#, "model": #""deepseek""#, "provider": #""acme""#, "attempt": "1",
    "status": #""ok""#, "usage": #"{"input_tokens":5}"#, "usage_source": #""provider""#, "latency_ms": "12",
  ]

  /// The text of an event, with some attributes and members of its data replaced; nil leaves one out.
  static func text(_ attributes: [String: String?] = [:], data: [String: String?] = [:]) -> String {
    var all = Self.attributes
    all["data"] = object(members.merging(data) { $1 })
    return object(all.merging(attributes) { $1 })
  }

  private static func object(_ members: [String: String?]) -> String {
    let pairs = members.sorted { $0.key < $1.key }.compactMap { name, value in value.map { "\"\(name)\":\($0)" } }
    return "{\(pairs.joined(separator: ","))}"
  }

  /// An event that does not fit; 422 and its place.
  static func event(
    _ name: String, _ attributes: [String: String?] = [:], data: [String: String?] = [:],
    _ pointer: String, _ code: String
  ) -> BadInput {
    BadInput(
      name: name, body: Array(text(attributes, data: data).utf8), status: 422, problem: "invalid-event",
      error: (pointer, code))
  }

  /// A body that is no JSON.
  static func malformed(_ name: String, _ body: [UInt8], _ pointer: String, _ code: String) -> BadInput {
    BadInput(name: name, body: body, status: 400, problem: "malformed-json", error: (pointer, code))
  }

  /// A body of a command.
  static func command(
    _ name: String, _ path: String, _ body: String, _ status: Int, _ problem: String,
    _ error: (pointer: String, code: String)? = nil
  ) -> BadInput {
    BadInput(
      name: name, path: path.hasPrefix("/") ? path : "/v1/ledgers/main/\(path)", mediaType: "application/json",
      body: Array(body.utf8), status: status, problem: problem, error: error)
  }

  /// A question.
  static func get(
    _ name: String, _ path: String, _ status: Int, _ problem: String,
    _ error: (pointer: String, code: String)? = nil
  ) -> BadInput {
    BadInput(
      name: name, method: "GET", path: path.hasPrefix("/") ? path : "/v1/ledgers/main/\(path)", mediaType: nil,
      status: status, problem: problem, error: error)
  }
}

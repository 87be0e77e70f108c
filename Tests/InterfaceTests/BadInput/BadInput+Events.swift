extension BadInput {
  /// Attributes of CloudEvents that are missing, wrong or not taken.
  static let cloudEvents: [BadInput] = [
    event("no specversion", ["specversion": nil], "/specversion", "required"),
    event("specversion 0.3", ["specversion": #""0.3""#], "/specversion", "specversion"),
    event("no id", ["id": nil], "/id", "required"),
    event("an empty id", ["id": #""""#], "/id", "length"),
    event("an id of 129 characters", ["id": quoted(129)], "/id", "length"),
    event("an id that is a number", ["id": "7"], "/id", "type"),
    event("an id beyond ASCII", ["id": #""é""#], "/id", "pattern"),
    event("no source", ["source": nil], "/source", "required"),
    event("a source of 257 characters", ["source": quoted(257)], "/source", "length"),
    event("no type", ["type": nil], "/type", "required"),
    event("an unknown type", ["type": #""completion.imagined""#], "/type", "unknown-type"),
    event("a type in another case", ["type": #""Completion.Recorded""#], "/type", "unknown-type"),
    event("an unknown version", ["typeversion": "2"], "/typeversion", "unknown-version"),
    event("version 0", ["typeversion": "0"], "/typeversion", "range"),
    event("no subject", ["subject": nil], "/subject", "required"),
    event("another type's subject", ["subject": #""cost/1""#], "/subject", "subject"),
    event("a subject of 257 characters", ["subject": quoted(257)], "/subject", "length"),
    event(
      "an own type on a subject of the ledger's", ["type": #""x.a""#, "subject": #""entry/7""#, "data": "{}"],
      "/subject", "subject"),
    event("a time without an offset", ["time": #""2026-01-05T10:00:00""#], "/time", "timestamp"),
    event("the 30th of February", ["time": #""2026-02-30T10:00:00Z""#], "/time", "timestamp"),
    event("a time as a number", ["time": "1767607200"], "/time", "type"),
    event("a time in the year 2099", ["time": #""2099-01-01T00:00:00Z""#], "/time", "time-ahead"),
    event("text as data", ["datacontenttype": #""text/plain""#], "/datacontenttype", "datacontenttype"),
    event("data_base64", ["data": nil, "data_base64": #""e30=""#], "/data_base64", "unknown-attribute"),
    event("no data", ["data": nil], "/data", "required"),
    event("data that is a list", ["data": "[]"], "/data", "type"),
    event("an unknown attribute", ["priority": #""high""#], "/priority", "unknown-attribute"),
    event("an attribute of the ledger's", ["position": #""7""#], "/position", "unknown-attribute"),
    event("an actor of one's own choice", ["actor": #""admin""#], "/actor", "unknown-attribute"),
    event("an expected sequence below 0", ["expectedsequence": "-1"], "/expectedsequence", "range"),
    event("a bad traceparent", ["traceparent": #""00-0-0-00""#], "/traceparent", "traceparent"),
    BadInput(
      name: "a list sent as one event", body: Array("[\(text())]".utf8), status: 422, problem: "invalid-event",
      error: ("", "type")),
    BadInput(
      name: "an event sent as a batch", mediaType: batch, body: Array(text().utf8), status: 422,
      problem: "invalid-event", error: ("", "type")),
    BadInput(
      name: "an empty batch", mediaType: batch, body: Array("[]".utf8), status: 422, problem: "invalid-event",
      error: ("", "empty-batch")),
    BadInput(
      name: "10,001 events", mediaType: batch,
      body: Array("[\(repeatElement("{}", count: 10_001).joined(separator: ","))]".utf8), status: 422,
      problem: "invalid-event", error: ("", "batch-size")),
    BadInput(
      name: "one bad event among good ones", mediaType: batch,
      body: Array("[\(text()),\(text(["id": #""bad-2""#], data: ["status": #""great""#]))]".utf8), status: 422,
      problem: "invalid-event", error: ("/data/status", "enum")),
    BadInput(
      name: "one identity with two contents in one batch", mediaType: batch,
      body: Array("[\(text()),\(text(data: ["latency_ms": "13"]))]".utf8), status: 409, problem: "identity-conflict"),
    BadInput(
      name: "an expected sequence that is not so", body: Array(text(["expectedsequence": "3"]).utf8), status: 409,
      problem: "sequence-conflict"),
  ]

  static let batch = "application/cloudevents-batch+json"

  static func quoted(_ count: Int) -> String { "\"" + String(repeating: "a", count: count) + "\"" }

  /// What the catalogue does not take.
  static let catalogue: [BadInput] = [
    event("no operation", data: ["operation": nil], "/data/operation", "required"),
    event("an unknown member", data: ["prompt": #""secret""#], "/data/prompt", "unknown-field"),
    event("a member in another case", data: ["Team": #""a""#], "/data/Team", "unknown-field"),
    event("a model with a space", data: ["model": #""deep seek""#], "/data/model", "pattern"),
    event("an unknown status", data: ["status": #""OK""#], "/data/status", "enum"),
    event("an attempt of 0", data: ["attempt": "0"], "/data/attempt", "range"),
    event("an attempt as a text", data: ["attempt": #""1""#], "/data/attempt", "type"),
    event("tokens below zero", data: ["usage": #"{"input_tokens":-1}"#], "/data/usage/input_tokens", "range"),
    event("an unknown class of usage", data: ["usage": #"{"thoughts":1}"#], "/data/usage/thoughts", "unknown-field"),
    event("a score above 1", data: ["quality_score": #""1.5""#], "/data/quality_score", "fraction"),
    event("a cost as a number", data: ["reported_cost": "1"], "/data/reported_cost", "type"),
    event(
      "a cost with a trailing zero", data: ["reported_cost": #"{"amount":"1.50","currency":"USD"}"#],
      "/data/reported_cost/amount", "amount"),
    event(
      "a cost below zero", data: ["reported_cost": #"{"amount":"-1","currency":"USD"}"#],
      "/data/reported_cost/amount", "amount"),
    event(
      "thirteen places", data: ["reported_cost": #"{"amount":"0.0000000000001","currency":"USD"}"#],
      "/data/reported_cost/amount", "amount"),
    event(
      "an unknown currency", data: ["reported_cost": #"{"amount":"1","currency":"usd"}"#],
      "/data/reported_cost/currency", "currency"),
    event("seventeen tags", data: ["tags": tags(17)], "/data/tags", "length"),
    event("a user of 257 characters", data: ["user": quoted(257)], "/data/user", "length"),
    event("too much data", data: ["raw_usage": #"{"a":\#(quoted(50_000))}"#], "/data", "data-size"),
    event(
      "a period that ends before it starts",
      [
        "type": #""cost.incurred""#, "subject": #""cost/1""#,
        "data": #"""
        {"category":"vm","cost":{"amount":"1","currency":"USD"},"period_start":"2026-02-01T00:00:00Z",
         "period_end":"2026-01-01T00:00:00Z"}
        """#,
      ], "/data/period_end", "period"),
  ]

  private static func tags(_ count: Int) -> String {
    "{" + (1...count).map { "\"t\($0)\":\"v\"" }.joined(separator: ",") + "}"
  }

  /// What only commands write, whatever it holds.
  static let commandOnly: [BadInput] =
    [
      "price.listed", "approval.granted", "killswitch.deactivated", "key.issued", "owner.added", "entry.reversed",
      "ledger.opened", "command.refused", "projection.event_skipped",
      "route.configured", "model.configured", "model.cooled_down", "toggle.changed", "policy.configured",
      "evaluation.recorded",
    ].map { type in
      BadInput(
        name: "an append of \(type)", body: Array(text(["type": "\"\(type)\""]).utf8), status: 403,
        problem: "command-only", error: ("/type", "command-only"))
    }
}

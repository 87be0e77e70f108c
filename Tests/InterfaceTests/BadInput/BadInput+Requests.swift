extension BadInput {
  /// Paths, methods, media types and sizes.
  static let requests: [BadInput] = [
    get("NUL in a path", "events/%00", 400, "malformed-target"),
    get("NUL in a ledger's name", "/v1/ledgers/ma%00in", 400, "malformed-target"),
    get("NUL in a query", "events?subject=a%00b", 400, "malformed-target"),
    get("half an escape", "events/%4", 400, "malformed-target"),
    get("an escape that is no UTF-8", "events?subject=%FF", 400, "malformed-target"),
    get("a slash in a segment", "/v1/ledgers/main%2Fevents", 404, "unknown-ledger"),
    get("a ledger in another case", "/v1/ledgers/Main/events", 404, "unknown-ledger"),
    get("a ledger that is not there", "/v1/ledgers/nowhere/events", 404, "unknown-ledger"),
    get("another version of the interface", "/v2/ledgers/main/events", 404, "not-found"),
    get("a path that climbs", "/v1/ledgers/main/../system/events", 404, "not-found"),
    get("position 0", "events/0", 404, "not-found"),
    get("a position that is none", "events/first", 404, "not-found"),
    get("a position beyond the head", "events/99999999", 404, "not-found"),
    BadInput(name: "DELETE of events", method: "DELETE", mediaType: nil, status: 405, problem: "method-not-allowed"),
    BadInput(name: "PUT of events", method: "PUT", body: [0x7B, 0x7D], status: 405, problem: "method-not-allowed"),
    get("GET of a command", "kill-switches/activate", 405, "method-not-allowed"),
    BadInput(name: "no media type", mediaType: nil, body: good, status: 415, problem: "unsupported-media-type"),
    BadInput(name: "text", mediaType: "text/plain", body: good, status: 415, problem: "unsupported-media-type"),
    BadInput(
      name: "a form", mediaType: "application/x-www-form-urlencoded", body: good, status: 415,
      problem: "unsupported-media-type"),
    BadInput(
      name: "a command as a CloudEvent", path: "/v1/ledgers/main/kill-switches/activate", body: good, status: 415,
      problem: "unsupported-media-type"),
    BadInput(
      name: "a body of more than 16 MiB", body: [UInt8](repeating: 0x20, count: (16 << 20) + 1), status: 413,
      problem: "body-too-large"),
    BadInput(
      name: "40 KB of header", method: "GET", path: "/v1/ledgers/main", mediaType: nil,
      headers: [("X-Padding", String(repeating: "a", count: 40_000))], status: 431, problem: "headers-too-large"),
    BadInput(
      name: "two lengths", headers: [("Content-Length", "1")], body: good, status: 400, problem: "malformed-target"),
  ]

  static let good = Array(text().utf8)

  /// Parameters of questions.
  static let parameters: [BadInput] = [
    get("after below zero", "events?after=-1", 400, "invalid-parameter", ("?after", "range")),
    get("after with a fraction", "events?after=1.5", 400, "invalid-parameter", ("?after", "range")),
    get("after with a plus sign", "events?after=%2B1", 400, "invalid-parameter", ("?after", "range")),
    get("after twice", "events?after=1&after=2", 400, "invalid-parameter", ("?after", "repeated")),
    get("a limit of 0", "events?limit=0", 400, "invalid-parameter", ("?limit", "range")),
    get("a from that is no time", "events?from=yesterday", 400, "invalid-parameter", ("?from", "timestamp")),
    get("an unknown parameter", "events?order=desc", 400, "invalid-parameter", ("?order", "unknown-parameter")),
    get("an unknown status", "approvals?status=open", 400, "invalid-parameter", ("?status", "enum")),
    get("an unknown book", "books/weekly_spend", 404, "unknown-book"),
    get("an unknown query", "books/daily_spend/by_moon", 404, "unknown-query"),
    get("an unknown key", "books/daily_spend?group_by=moon", 400, "invalid-parameter", ("?group_by", "enum")),
    get("a day that is none", "books/daily_spend?from=2026-02-30", 400, "invalid-parameter", ("?from", "type")),
    get("a book's unknown parameter", "books/daily_spend?moon=1", 400, "invalid-parameter", ("?moon", "unknown")),
    get("as_of that is no point", "books/daily_spend?as_of=soon", 400, "invalid-parameter", ("?as_of", "type")),
    get("as_of beyond the head", "books/daily_spend?as_of=999999", 400, "beyond-head"),
    get(
      "min_position below zero", "books/daily_spend?min_position=-1", 400, "invalid-parameter",
      ("?min_position", "range")),
    BadInput(
      name: "a resumption after no position", method: "GET", path: "/v1/ledgers/main/events/stream", mediaType: nil,
      headers: [("Last-Event-ID", "last")], status: 400, problem: "invalid-parameter"),
  ]

  /// Keys that are none, and keys that may not.
  static let keys: [BadInput] = [
    from(.nobody, "no key", 401, "unauthenticated"),
    from(.header("Basic YTpi"), "another scheme", 401, "unauthenticated"),
    from(.header("Bearer"), "a scheme without a key", 401, "unauthenticated"),
    from(.header("Bearer dbk_short"), "half a key", 401, "unauthenticated"),
    from(
      .header("Bearer dbk_aaaaaaaaaaaa_" + String(repeating: "a", count: 43)), "an unknown key", 401,
      "unauthenticated"),
    from(.forged, "another secret", 401, "unauthenticated"),
    from(.revoked, "a revoked key", 401, "unauthenticated"),
    from(.expired, "an expired key", 401, "unauthenticated"),
    from(.auditor, "an auditor who appends", 403, "role-required"),
    from(.prefixed, "a source beyond the key's", 403, "source-not-allowed"),
    from(.elsewhere, "a key for another ledger", 403, "ledger-not-in-scope"),
    BadInput(
      name: "an agent that books a cost", caller: .agent, body: Array(cost.utf8), status: 403,
      problem: "agent-may-not-loosen"),
    BadInput(
      name: "an agent that lets go", caller: .agent, path: "/v1/ledgers/main/kill-switches/deactivate",
      mediaType: "application/json", body: Array(#"{"scope":"global","reason":"a"}"#.utf8), status: 403,
      problem: "human-required"),
    BadInput(
      name: "an agent that reads the log", caller: .agent, method: "GET", mediaType: nil, status: 403,
      problem: "role-required"),
    BadInput(
      name: "an auditor who issues keys", caller: .auditor, path: "/v1/keys", mediaType: "application/json",
      body: Array("{}".utf8), status: 403, problem: "role-required"),
    BadInput(
      name: "a stranger who looks for paths", caller: .nobody, method: "GET", path: "/v1/anything", mediaType: nil,
      status: 401, problem: "unauthenticated"),
  ]

  private static func from(_ caller: Caller, _ name: String, _ status: Int, _ problem: String) -> BadInput {
    BadInput(name: name, caller: caller, body: good, status: status, problem: problem)
  }

  private static let cost = text([
    "type": #""cost.incurred""#, "subject": #""cost/1""#,
    "data": #"""
    {"category":"vm","cost":{"amount":"1","currency":"USD"},"period_start":"2026-01-01T00:00:00Z",
     "period_end":"2026-01-02T00:00:00Z"}
    """#,
  ])
}

extension BadInput {
  /// Bodies and states of commands.
  static let commands: [BadInput] = [
    command("an empty body", activate, "", 400, "malformed-json", ("", "syntax")),
    command(
      "a float in a command", "reversals", #"{"position":1.0,"reason":"a"}"#, 400, "malformed-json",
      ("/position", "float")),
    command(
      "a switch without a reason", activate, #"{"scope":"global"}"#, 422, "invalid-request",
      ("/reason", "required")),
    command(
      "an empty reason", activate, #"{"scope":"global","reason":""}"#, 422, "invalid-request",
      ("/reason", "length")),
    command(
      "an unknown scope", activate, #"{"scope":"planet/earth","reason":"a"}"#, 422, "invalid-request",
      ("/scope", "pattern")),
    command(
      "a scope without a name", activate, #"{"scope":"model/","reason":"a"}"#, 422, "invalid-request",
      ("/scope", "pattern")),
    command(
      "a switch on every model", activate, #"{"scope":"model/*","reason":"a"}"#, 422, "invalid-request",
      ("/scope", "pattern")),
    command(
      "an unknown member of a body", activate, #"{"scope":"global","reason":"a","force":true}"#, 422,
      "invalid-request", ("/force", "unknown-field")),
    command("a list as a body", activate, "[]", 422, "invalid-request", ("", "type")),
    command(
      "a switch that is not on", "kill-switches/deactivate", #"{"scope":"global","reason":"a"}"#, 409,
      "kill-switch-not-active"),
    command(
      "an approval of nothing", "approvals", #"{"kind":"action","reason_code":"a"}"#, 422, "invalid-request",
      ("/change", "required")),
    command(
      "an unknown kind", "approvals", #"{"kind":"wish","change":{},"reason_code":"a"}"#, 422,
      "invalid-request", ("/kind", "enum")),
    command(
      "a digest of one's own",
      "approvals", #"{"kind":"action","change":{},"reason_code":"a","change_digest":"00"}"#, 422, "invalid-request",
      ("/change_digest", "unknown-field")),
    command(
      "high risk without evidence", "approvals", #"{"kind":"loosening","change":{},"reason_code":"a"}"#, 422,
      "evidence-required"),
    command(
      "an approval that has expired",
      "approvals", #"{"kind":"action","change":{},"reason_code":"a","expires_at":"2026-01-01T00:00:00Z"}"#, 422,
      "expiry-out-of-range"),
    command("a grant of nothing", "approvals/nothing/grant", #"{"reason":"a"}"#, 404, "approval-not-found"),
    command(
      "a grant without a reason", "approvals/nothing/grant", "{}", 422, "invalid-request",
      ("/reason", "required")),
    get("an approval that is not there", "approvals/nothing", 404, "not-found"),
    command("no prices", "prices", #"{"prices":[]}"#, 422, "invalid-request", ("/prices", "length")),
    command(
      "a price below zero", "prices", price(amount: "-1"), 422, "invalid-request",
      ("/prices/0/price/amount", "amount")),
    command("a price for 0 units", "prices", price(per: "0"), 422, "invalid-request", ("/prices/0/per", "range")),
    command(
      "a price for the unknown", "prices", price(usageClass: "thoughts"), 422, "invalid-request",
      ("/prices/0/usage_class", "enum")),
    command(
      "a price from no time", "prices", price(from: "2026"), 422, "invalid-request",
      ("/prices/0/valid_from", "timestamp")),
    command(
      "a reversal of position 0", "reversals", #"{"position":0,"reason":"a"}"#, 422, "invalid-request",
      ("/position", "range")),
    command(
      "a reversal of what is not there", "reversals", #"{"position":999999,"reason":"a"}"#, 404,
      "event-not-found"),
    command("a reversal of the opening", "reversals", #"{"position":1,"reason":"a"}"#, 422, "not-reversible"),
    command(
      "a skip in an unknown book", "books/nothing/skips", #"{"version":1,"position":1,"reason":"a"}"#, 404,
      "not-found"),
    command("a key for an unknown owner", "/v1/keys", key(owner: "nobody"), 422, "unknown-owner"),
    command(
      "a key for an agent with a person's role", "/v1/keys", key(kind: "agent", role: "admin"), 422,
      "role-not-for-kind"),
    command(
      "a key with an unknown role", "/v1/keys", key(role: "king"), 422, "invalid-request", ("/roles/0", "enum")),
    command(
      "a key with a secret of one's own", "/v1/keys", key(more: #","secret_sha256":"00""#), 422,
      "invalid-request", ("/secret_sha256", "unknown-field")),
    command(
      "a key that has expired", "/v1/keys", key(more: #","expires":"2026-01-01T00:00:00Z""#), 422,
      "expiry-in-the-past"),
    command(
      "a revocation of what is not there", "/v1/keys/aaaaaaaaaaaa/revoke", #"{"reason":"a"}"#, 404,
      "key-not-found"),
    command("an owner who is there", "/v1/owners", #"{"owner":"first-owner","name":"a"}"#, 409, "owner-exists"),
    command(
      "a ledger's name in capitals", "/v1/ledgers", #"{"name":"Main"}"#, 422, "invalid-request",
      ("/name", "pattern")),
    command(
      "an unknown time zone", "/v1/ledgers", #"{"name":"mars","time_zone":"Mars/Olympus"}"#, 422,
      "invalid-request", ("/time_zone", "enum")),
    command(
      "an unknown currency", "/v1/ledgers", #"{"name":"mars","reporting_currency":"XYZ"}"#, 422,
      "invalid-request", ("/reporting_currency", "currency")),
    command("a ledger that is open", "/v1/ledgers", #"{"name":"main"}"#, 409, "ledger-already-open"),
    BadInput(
      name: "an idempotency key with a #", path: "/v1/ledgers/main/kill-switches/activate",
      mediaType: "application/json", headers: [("Idempotency-Key", "a#1")],
      body: Array(#"{"scope":"global","reason":"a"}"#.utf8), status: 400, problem: "invalid-parameter"),
    BadInput(
      name: "an idempotency key of 113 characters", path: "/v1/ledgers/main/kill-switches/activate",
      mediaType: "application/json", headers: [("Idempotency-Key", String(repeating: "k", count: 113))],
      body: Array(#"{"scope":"global","reason":"a"}"#.utf8), status: 400, problem: "invalid-parameter"),
  ]

  private static let activate = "kill-switches/activate"

  private static func price(
    usageClass: String = "input_tokens", amount: String = "1", per: String = "1",
    from: String = "2026-01-01T00:00:00Z"
  ) -> String {
    #"""
    {"prices":[{"model":"m","usage_class":"\#(usageClass)","price":{"amount":"\#(amount)","currency":"USD"},
      "per":\#(per),"valid_from":"\#(from)"}]}
    """#
  }

  private static func key(
    owner: String = "first-owner", kind: String = "human", role: String = "auditor", more: String = ""
  ) -> String {
    #"{"kind":"\#(kind)","owner":"\#(owner)","roles":["\#(role)"],"ledgers":["*"]\#(more)}"#
  }
}

import Control
import Domain
import Testing

@Suite("Owners, keys and ledgers")
struct DeploymentTests {
  private func key(
    _ id: String = "k1", kind: String = "human", owner: String = "ann", roles: [String] = ["admin"],
    expires: String? = nil
  ) -> Command {
    .issueKey(
      .object([
        "key": .text(id), "kind": .text(kind), "owner": .text(owner), "roles": .array(roles.map(JSON.text)),
        "ledgers": .array([.text("*")]), "secret_sha256": .text(String(repeating: "a", count: 64)),
        "expires": expires.map(JSON.text),
      ]))
  }

  @Test(
    "a key's roles fit its kind",
    arguments: [
      ("human", ["admin", "approver", "finance"], nil), ("human", ["agent"], "422 role-not-for-kind"),
      ("service", ["service", "importer"], nil), ("service", ["finance", "auditor", "operator"], nil),
      ("service", ["approver"], "422 role-not-for-kind"), ("service", ["service", "admin"], "422 role-not-for-kind"),
      ("agent", ["agent"], nil), ("agent", ["agent", "service"], "422 role-not-for-kind"),
      ("agent", ["auditor"], "422 role-not-for-kind"), ("system", ["admin"], "422 invalid-command"),
      ("human", [], "422 invalid-command"), ("human", ["king"], "422 invalid-command"),
    ] as [(String, [String], String?)])
  func roles(kind: String, roles: [String], refusal: String?) throws {
    var ledger = try TestLedger.withOwners()
    #expect(ledger.refusal(key(kind: kind, roles: roles), by: .key("ann")) == refusal)
  }

  @Test("a key is issued once, to an owner who is there, with an expiry to come, by people")
  func issue() throws {
    var ledger = try TestLedger.withOwners()
    #expect(ledger.refusal(key(owner: "eve"), by: .key("ann")) == "422 unknown-owner")
    #expect(ledger.refusal(key(expires: "2026-02-28T23:59:59Z"), by: .key("ann")) == "422 expiry-in-the-past")
    #expect(ledger.refusal(key(), by: .key("ann", .agent)) == "403 human-required")
    #expect(ledger.refusal(key(), by: .key("ann", .service)) == "403 human-required")
    #expect(ledger.refusal(key(expires: "2026-03-01T00:00:01Z"), by: .key("ann")) == nil)
    #expect(ledger.refusal(key(), by: .key("ann")) == "409 key-exists")
    #expect(ledger.refusal(key("system"), by: .key("ann")) == "409 key-exists")
    let record = try #require(ledger.state.key("k1"))
    #expect(record.owner == "ann" && record.kind == .human && record.roles == [.admin] && !record.isRevoked)
  }

  @Test("a key is revoked once, for good")
  func revoke() throws {
    var ledger = try TestLedger.withOwners()
    try ledger.run(key(), by: .system)
    #expect(ledger.refusal(.revokeKey(id: "k2", reason: "lost"), by: .key("ann")) == "404 key-not-found")
    #expect(ledger.refusal(.revokeKey(id: "k1", reason: "lost"), by: .key("ann", .agent)) == "403 human-required")
    #expect(ledger.refusal(.revokeKey(id: "k1", reason: "lost"), by: .key("ann")) == nil)
    #expect(ledger.state.key("k1")?.isRevoked == true)
    #expect(ledger.refusal(.revokeKey(id: "k1", reason: "lost"), by: .key("ann")) == "409 key-already-revoked")
    #expect(ledger.refusal(key(), by: .key("ann")) == "409 key-exists")
  }

  @Test("an owner is added once, by people")
  func owners() throws {
    var ledger = try TestLedger.withOwners()
    let eve = Command.addOwner(.object(["owner": .text("eve"), "name": .text("Eve")]))
    #expect(ledger.refusal(eve, by: .key("ann", .service)) == "403 human-required")
    #expect(ledger.refusal(eve, by: .key("ann")) == nil)
    #expect(ledger.refusal(eve, by: .key("ann")) == "409 owner-exists")
    #expect(ledger.state.allOwners.map(\.id) == ["ann", "ben", "cid", "dot", "eve"])
  }

  @Test("owners and keys stand in the ledger `system` alone")
  func systemOnly() {
    var ledger = TestLedger(ledger: "main")
    let eve = Command.addOwner(.object(["owner": .text("eve"), "name": .text("Eve")]))
    #expect(ledger.refusal(eve, by: .key("ann")) == "422 wrong-ledger")
    #expect(ledger.refusal(key(), by: .key("ann")) == "422 wrong-ledger")
    #expect(ledger.refusal(.revokeKey(id: "k1", reason: "r"), by: .key("ann")) == "422 wrong-ledger")
  }

  @Test("a ledger opens once; what comes before is bootstrap, what comes after is not")
  func opening() throws {
    var ledger = TestLedger()
    let body = JSON.object([
      "name": .text("main"), "time_zone": .text("UTC"), "reporting_currency": .text("USD"),
    ])
    let price = listedPrice("deepseek", "input_tokens", "0.0027")
    var wrong = body
    wrong["name"] = .text("other")
    #expect(ledger.refusal(.openLedger(wrong, prices: []), by: .system) == "422 wrong-ledger")
    let planned = try ledger.run(.openLedger(body, prices: [price]), by: .system)
    #expect(planned.map(\.type) == ["price.listed", "ledger.opened"])
    #expect(planned[0].derived?["bootstrap"]?.boolean == true)
    #expect(planned[1].data["rules_version"]?.integer == Int64(ControlState.rulesVersion))
    #expect(ledger.state.settings?.openedAt == 2)
    #expect(ledger.refusal(.openLedger(body, prices: []), by: .system) == "409 ledger-already-open")
    let later = try ledger.run(.listPrices([price]), by: .key("ann"))
    #expect(later[0].derived == .object(["owner": .text("ann")]))
  }

  @Test("a skip is a person's decision about an event that is there")
  func skips() throws {
    var ledger = try TestLedger.withOwners()
    let skip: (Int64) -> Command = {
      .skipProjectionEvent(projection: "daily_spend", version: 1, position: $0, reason: "damaged")
    }
    #expect(ledger.refusal(skip(1), by: .key("ann", .service)) == "403 human-required")
    #expect(ledger.refusal(skip(0), by: .key("ann")) == "404 event-not-found")
    #expect(ledger.refusal(skip(5), by: .key("ann")) == "404 event-not-found")
    #expect(ledger.refusal(skip(4), by: .key("ann")) == nil)
    let unnamed = Command.skipProjectionEvent(projection: "daily spend", version: 1, position: 4, reason: "damaged")
    #expect(ledger.refusal(unnamed, by: .key("ann")) == "404 projection-not-found")
    #expect(ledger.log.last?.subject == "projection/daily_spend")
  }
}

/// The data of a listed price.
func listedPrice(
  _ model: String, _ usageClass: String, _ amount: String, currency: String = "USD", per: Int64 = 1_000_000,
  from: String = "1970-01-01T00:00:00Z", provider: String? = nil
) -> JSON {
  .object([
    "model": .text(model), "usage_class": .text(usageClass),
    "price": .object(["amount": .text(amount), "currency": .text(currency)]), "per": .integer(per),
    "valid_from": .text(from), "provider": provider.map(JSON.text),
  ])
}

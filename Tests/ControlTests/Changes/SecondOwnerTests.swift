import Control
import Domain
import Testing

/// Owners and the keys of people: an admin makes no second self.
@Suite("Owners and keys of people")
struct SecondOwnerTests {
  /// An open `system` ledger with the owners `ann` to `dot`; `ann` and `ben` have keys that approve where asked.
  private func ledger(approvers: [String] = ["ann", "ben"]) throws -> TestLedger {
    var ledger = try TestLedger.withOwners()
    let opening = JSON.object([
      "name": .text("system"), "time_zone": .text("UTC"), "reporting_currency": .text("USD"),
    ])
    try ledger.run(.openLedger(opening, prices: []), by: .system)
    for owner in approvers {
      try ledger.run(.issueKey(Self.key("key-\(owner)", owner: owner, roles: ["approver", "admin"])), by: .system)
    }
    ledger.advance(hours: 1)
    return ledger
  }

  private static func key(
    _ id: String, kind: String = "human", owner: String, roles: [String], ledgers: [String] = ["*"],
    rotates: String? = nil
  ) -> JSON {
    .object([
      "key": .text(id), "kind": .text(kind), "owner": .text(owner), "roles": .array(roles.map(JSON.text)),
      "ledgers": .array(ledgers.map(JSON.text)), "secret_sha256": .text(String(repeating: "a", count: 64)),
      "rotates": rotates.map(JSON.text),
    ])
  }

  private static let eve = JSON.object(["owner": .text("eve"), "name": .text("Eve")])

  private func ask(_ command: Command, _ ledger: inout TestLedger, by: Principal = .key("ann")) throws -> String? {
    let planned = try ledger.run(command, by: by)
    guard planned.first?.type == "approval.requested" else { return nil }
    return planned.first.map { String($0.subject.dropFirst("approval/".count)) }
  }

  @Test("are made alone only while nobody else could grant")
  func alone() throws {
    var ledger = try ledger(approvers: ["ann"])
    #expect(try ask(.addOwner(Self.eve), &ledger) == nil)
    #expect(try ask(.issueKey(Self.key("k1", owner: "eve", roles: ["approver"])), &ledger) == nil)
    // From here on there is somebody to ask, and it is not the requester's own second key.
    #expect(try ask(.issueKey(Self.key("k2", owner: "ben", roles: ["approver"])), &ledger) != nil)
    #expect(try ask(.addOwner(.object(["owner": .text("fay"), "name": .text("Fay")])), &ledger) != nil)
    // Who ends the other's key is no more alone than before: else one admin would make room for a second self.
    #expect(ledger.refusal(.revokeKey(id: "k1", reason: "left"), by: .key("ann")) == nil)
    #expect(try ask(.issueKey(Self.key("k3", owner: "cid", roles: ["approver"])), &ledger) != nil)
    // Whoever is left breaks the glass. What it makes counts, as nobody is there to review it first.
    let body = Self.key("k4", owner: "cid", roles: ["approver"])
    let change = Change(operation: .issueKey, subject: "key/k4", body: body)
    try ledger.run(.change(change, terms: nil, breakGlass: "eve left"), by: .key("ann"))
    #expect(ledger.state.approvers(besides: "ann", at: ledger.now) == ["cid"])
    #expect(ledger.state.unreviewedGlass.count == 1)
  }

  @Test("wait for another owner, who makes them by granting")
  func granted() throws {
    var ledger = try ledger()
    let owner = try ask(.addOwner(Self.eve), &ledger)
    let id = try #require(owner)
    #expect(ledger.state.owner("eve") == nil)
    #expect(ledger.refusal(.grantApproval(id: id, reason: "known"), by: .key("ann", .human, 2)) == "403 same-owner")
    #expect(ledger.refusal(.grantApproval(id: id, reason: "known"), by: .key("ben")) == nil)
    #expect(ledger.state.owner("eve") != nil)
    let issued = try ask(.issueKey(Self.key("k1", owner: "eve", roles: ["finance"])), &ledger)
    let key = try #require(issued)
    #expect(ledger.state.key("k1") == nil)
    #expect(ledger.refusal(.grantApproval(id: key, reason: "known"), by: .key("ben")) == nil)
    #expect(ledger.state.key("k1")?.owner == "eve")
  }

  @Test(
    "need a second owner where they speak for a person; services and agents only where another owner answers for them",
    arguments: [
      ("human", "finance", "cid", true), ("human", "approver", "cid", true), ("human", "admin", "ann", true),
      ("service", "operator", "ann", false), ("service", "service", "ann", false), ("agent", "agent", "ann", false),
      ("service", "operator", "cid", true), ("service", "service", "ben", true), ("agent", "agent", "cid", true),
    ])
  func kinds(kind: String, role: String, owner: String, waits: Bool) throws {
    var ledger = try ledger()
    let key = Self.key("k1", kind: kind, owner: owner, roles: [role])
    #expect(try (ask(.issueKey(key), &ledger) != nil) == waits)
  }

  @Test("that were made alone ask for nothing in their owner's name, whom their maker would grant it")
  func unreviewedAsks() throws {
    var ledger = try ledger()
    var eve = Principal.key("eve")
    eve.since = .latest
    #expect(ledger.refusal(.addOwner(Self.eve), by: eve) == "403 owner-too-new")
    #expect(ledger.refusal(.requestApproval(approvalRequest()), by: eve) == "403 owner-too-new")
    let change = Change(operation: .addOwner, subject: "owner/eve", body: Self.eve)
    #expect(ledger.refusal(.change(change, terms: nil, breakGlass: "alone"), by: eve) == "403 owner-too-new")
  }

  @Test("that were made alone with broken glass grant nothing until another owner has said it was right")
  func unreviewed() throws {
    var ledger = try ledger()
    let change = Change(operation: .addOwner, subject: "owner/eve", body: Self.eve)
    try ledger.run(.change(change, terms: nil, breakGlass: "alone"), by: .key("ann"))
    #expect(ledger.state.owner("eve")?.isUnreviewed == true)
    let key = Change(
      operation: .issueKey, subject: "key/k1", body: Self.key("k1", owner: "eve", roles: ["approver"]))
    try ledger.run(.change(key, terms: nil, breakGlass: "alone"), by: .key("ann"))
    #expect(ledger.state.key("k1")?.isUnreviewed == true)
    // She counts for nobody who could grant.
    #expect(ledger.state.approvers(besides: "ann", at: ledger.now) == ["ben"])
    for broken in ledger.state.unreviewedGlass {
      #expect(
        ledger.refusal(.reviewBreakGlass(id: broken.id, verdict: "justified", reason: "I know her"), by: .key("ben"))
          == nil)
    }
    #expect(ledger.state.owner("eve")?.isUnreviewed == false && ledger.state.key("k1")?.isUnreviewed == false)
    #expect(ledger.state.approvers(besides: "ann", at: ledger.now) == ["ben", "eve"])
  }

  @Test("hold no address where they wait, as it could not be erased")
  func address() throws {
    var ledger = try ledger()
    var eve = Self.eve
    eve["email"] = .text("eve@example.com")
    #expect(ledger.refusal(.addOwner(eve), by: .key("ann")) == "422 personal-in-change")
  }

  @Test("are rotated: the successor has the rights and the standing of the old key, which ends")
  func rotation() throws {
    var ledger = try ledger()
    func rotate(_ id: String, _ successor: String, overlap: Int64 = 3_600) -> Command {
      .rotateKey(
        id: id, successor: successor, secretSHA256: String(repeating: "b", count: 64), overlap: overlap,
        reason: "yearly")
    }
    #expect(ledger.refusal(rotate("key-ann", "k1", overlap: 700_000), by: .key("ann")) == "422 invalid-command")
    // Who rotated another person's key would hold that person's secret.
    #expect(ledger.refusal(rotate("key-ann", "k1"), by: .key("ben")) == "403 not-the-owner")
    #expect(ledger.refusal(rotate("key-ann", "k1"), by: .key("ann")) == nil)
    let (old, new) = (try #require(ledger.state.key("key-ann")), try #require(ledger.state.key("k1")))
    #expect(new.roles == old.roles && new.ledgers == old.ledgers && new.owner == "ann" && new.since == old.since)
    #expect(old.expires == ledger.now.advanced(bySeconds: 3_600) && old.successor == "k1")
    #expect(new.issuedAt > new.since)
    #expect(ledger.refusal(rotate("key-ann", "k2"), by: .key("ann")) == "409 key-already-rotated")
    ledger.advance(hours: 2)
    #expect(ledger.refusal(rotate("key-ann", "k2"), by: .key("ann")) == "409 key-ended")
    #expect(ledger.refusal(rotate("nobody", "k2"), by: .key("ann")) == "404 key-not-found")
    // A service's key speaks for its owner, too: with it somebody else would ask for what they then grant.
    try ledger.run(.issueKey(Self.key("s1", kind: "service", owner: "cid", roles: ["service"])), by: .system)
    var plain = Principal.key("dot")
    plain.roles = [.approver]
    #expect(ledger.refusal(rotate("s1", "s2"), by: plain) == "403 role-required")
    #expect(ledger.refusal(rotate("s1", "s2", overlap: 0), by: .key("ben")) == "403 not-the-owner")
    #expect(ledger.refusal(rotate("s1", "s2", overlap: 0), by: .key("cid")) == nil)
  }

  @Test("that may less do not rotate their owner's key that may more")
  func rotationUpwards() throws {
    var ledger = try ledger()
    var auditor = Principal.key("ann")
    auditor.roles = [.auditor]
    let rotation = Command.rotateKey(
      id: "key-ann", successor: "k1", secretSHA256: String(repeating: "b", count: 64), overlap: 0, reason: "mine")
    #expect(ledger.refusal(rotation, by: auditor) == "403 role-required")
    auditor.roles = [.approver, .admin]
    #expect(ledger.refusal(rotation, by: auditor) == nil)
  }

  @Test("of others' services are rotated by an admin while there is no second owner")
  func rotationAlone() throws {
    var ledger = try ledger(approvers: ["ann"])
    try ledger.run(.issueKey(Self.key("s1", kind: "service", owner: "cid", roles: ["service"])), by: .key("ann"))
    let rotation = Command.rotateKey(
      id: "s1", successor: "s2", secretSHA256: String(repeating: "b", count: 64), overlap: 0, reason: "lost")
    #expect(ledger.refusal(rotation, by: .key("ann")) == nil)
  }

  @Test("do not inherit a standing that nobody gave them")
  func noInheritance() throws {
    var ledger = try ledger()
    let key = Self.key("k1", kind: "service", owner: "ann", roles: ["service"], rotates: "key-ben")
    #expect(ledger.refusal(.issueKey(key), by: .key("ann")) == "422 invalid-command")
  }

  @Test("of agents belong to an owner, who is a person")
  func agents() throws {
    var ledger = try ledger()
    for owner in ["system", "nobody", "key-ann"] {
      let key = Self.key("k1", kind: "agent", owner: owner, roles: ["agent"])
      #expect(ledger.refusal(.issueKey(key), by: .key("ann")) == "422 unknown-owner")
    }
  }
}

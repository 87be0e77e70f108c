import Control
import Crypto
import Domain
import Testing

@testable import Service

@Suite("Keys")
struct KeyDirectoryTests {
  static let now = Timestamp(rfc3339: "2026-03-01T00:00:00Z")!

  /// The `system` ledger with one key.
  private func state(
    _ key: KeyMint.Minted, kind: String = "service", roles: [String] = ["service"], ledgers: [String] = ["main"],
    sources: [String] = [], expires: String? = nil, isRevoked: Bool = false
  ) throws -> ControlState {
    var state = ControlState(ledger: "system")
    let context = CommandContext(principal: .system, now: Self.now, freshID: "f", digest: { _ in "" })
    let owner = Command.addOwner(.object(["owner": .text("ann"), "name": .text("Ann")]))
    let issue = Command.issueKey(
      .object([
        "key": .text(key.id), "kind": .text(kind), "owner": .text("ann"), "roles": .array(roles.map(JSON.text)),
        "ledgers": .array(ledgers.map(JSON.text)), "sources": .array(sources.map(JSON.text)),
        "secret_sha256": .text(key.sha256), "expires": expires.map(JSON.text),
      ]))
    for command in [owner, issue] { apply(try state.decide(command, context), to: &state) }
    if isRevoked {
      let human = Principal(key: "a", kind: .human, owner: "ann", roles: [.admin])
      let context = CommandContext(principal: human, now: Self.now, freshID: "f", digest: { _ in "" })
      apply(try state.decide(.revokeKey(id: key.id, reason: "lost"), context), to: &state)
    }
    return state
  }

  private func apply(_ planned: [PlannedEvent], to state: inout ControlState) {
    for event in planned {
      state.apply(
        AppliedEvent(
          position: state.position + 1, type: event.type, typeVersion: 1, subject: event.subject, sequence: 1,
          occurredAt: Self.now, recordedAt: Self.now, actor: "system", actorKind: .system, data: event.data,
          derived: event.derived))
    }
    state.merge()
  }

  private func failure(
    _ state: ControlState, _ header: String?, now: Timestamp = KeyDirectoryTests.now, age: Duration = .zero
  ) -> AuthenticationFailure? {
    do {
      _ = try KeyDirectory(state.extract).authenticate(authorization: header, now: now, age: age)
      return nil
    } catch {
      return error
    }
  }

  @Test("that are known are recognised, the scheme in any case")
  func known() throws {
    let key = KeyMint.mint()
    let state = try state(key, sources: ["/shop/"])
    for scheme in ["Bearer", "bearer", "BEARER"] {
      let found = try KeyDirectory(state.extract).authenticate(
        authorization: "\(scheme) \(key.text)", now: Self.now, age: .milliseconds(999))
      #expect(
        found.principal == Principal(key: key.id, kind: .service, owner: "ann", roles: [.service], since: Self.now))
      #expect(found.ledgers == ["main"] && found.sources == ["/shop/"])
    }
  }

  @Test("that are wrong in any way are told nothing but that")
  func wrong() throws {
    let key = KeyMint.mint()
    let other = KeyMint.mint()
    let good = try state(key)
    let swapped = "dbk_\(key.id)_\(other.text.suffix(43))"
    let headers: [String?] = [
      nil, "", "Bearer", "Bearer ", key.text, "Basic \(key.text)", "Bearer  \(key.text)", "Bearer \(key.text) ",
      "Bearer \(key.text)0", "Bearer \(key.text.dropLast())", "Bearer \(other.text)", "Bearer \(swapped)",
      "Bearer \(key.text.uppercased())", "Bearer dbk_\(key.id)_\(String(repeating: "é", count: 43))",
    ]
    for header in headers { #expect(failure(good, header) == .unauthenticated, "\(header?.count ?? -1) characters") }
    #expect(failure(try state(key, isRevoked: true), "Bearer \(key.text)") == .unauthenticated)
  }

  @Test("end at the moment of their expiry")
  func expiry() throws {
    let key = KeyMint.mint()
    let state = try state(key, expires: "2026-03-02T00:00:00Z")
    let end = Timestamp(rfc3339: "2026-03-02T00:00:00Z")!
    let before = Timestamp(microseconds: end.microseconds - 1)
    #expect(failure(state, "Bearer \(key.text)", now: before) == nil)
    #expect(failure(state, "Bearer \(key.text)", now: end) == .unauthenticated)
  }

  @Test("are trusted by no state that is older than a second")
  func staleness() throws {
    let key = KeyMint.mint()
    let state = try state(key)
    #expect(failure(state, "Bearer \(key.text)", age: .seconds(1)) == nil)
    #expect(failure(state, "Bearer \(key.text)", age: .milliseconds(1_001)) == .stale)
    #expect(failure(state, nil, age: .seconds(2)) == .stale)
    #expect(AuthenticationFailure.stale.status == 503 && AuthenticationFailure.unauthenticated.status == 401)
  }

  @Test("that were let in are looked at again: revoked or expired they end, by an old state nothing is known")
  func standing() throws {
    let key = KeyMint.mint()
    let good = KeyDirectory(try state(key, expires: "2026-03-02T00:00:00Z").extract)
    let end = Timestamp(rfc3339: "2026-03-02T00:00:00Z")!
    #expect(good.standing(ofKey: key.id, now: Self.now, age: .zero) == .allowed)
    #expect(good.standing(ofKey: key.id, now: end, age: .zero) == .ended)
    #expect(good.standing(ofKey: key.id, now: Self.now, age: .milliseconds(1_001)) == .unknown)
    #expect(good.standing(ofKey: "abcdefghijkl", now: Self.now, age: .zero) == .ended)
    let revoked = KeyDirectory(try state(key, isRevoked: true).extract)
    #expect(revoked.standing(ofKey: key.id, now: Self.now, age: .zero) == .ended)
  }

  @Test("reach their ledgers and append under their sources")
  func limits() throws {
    let key = KeyMint.mint()
    let limited = AuthenticatedKey(try #require(try state(key, sources: ["/shop/", "/é"]).key(key.id)), of: nil)
    let free = AuthenticatedKey(try #require(try state(key, ledgers: ["*"]).key(key.id)), of: nil)
    #expect(limited.reaches("main") && !limited.reaches("mai") && !limited.reaches("system"))
    #expect(free.reaches("system"))
    #expect(limited.mayUse(source: "/shop/1") && !limited.mayUse(source: "/shop") && !limited.mayUse(source: ""))
    #expect(!limited.mayUse(source: "/e\u{301}") && free.mayUse(source: "/anything"))

    let endpoint = try #require(AccessTable.endpoints.first { $0.operationID == "appendEvents" })
    #expect(reason { () throws(AccessRefusal) in try limited.check(endpoint, ledger: "main") } == nil)
    #expect(reason { () throws(AccessRefusal) in try limited.check(endpoint, ledger: "other") } == .ledger)
    #expect(reason { () throws(AccessRefusal) in try limited.check(endpoint, ledger: nil) } == .ledger)
    let append: (String, String) -> AccessRefusal.Reason? = { type, source in
      reason { () throws(AccessRefusal) in try limited.checkAppend(type: type, source: source) }
    }
    #expect(append("completion.recorded", "/shop/1") == nil)
    #expect(append("completion.recorded", "/other") == .source)
    #expect(append("price.listed", "/shop/1") == .commandOnly)
  }

  @Test("are minted new each time, in the form that is read back")
  func minting() throws {
    var ids: Set<String> = []
    for _ in 0..<200 {
      let key = KeyMint.mint()
      let text = try #require(KeyText(key.text))
      #expect(text.id == key.id)
      #expect(Hex.string(text.sha256) == key.sha256)
      #expect(key.text.utf8.count == 4 + 12 + 1 + 43)
      #expect(!"\(key)".contains(key.text.suffix(43)))
      ids.insert(key.id)
    }
    #expect(ids.count == 200)
  }
}

import Control
import Domain
import Foundation
import HTTP
import Log
import Notary
import Postgres

extension API {
  // MARK: Keys and owners

  func listKeys(_ call: Call) async throws -> HTTPResponse {
    let body = try await registry.writer("system").look { memory -> JSON in
      .object(["position": .integer(memory.position), "keys": .array(memory.state.allKeys.map(Self.json))])
    }
    return .json(200, body.canonical)
  }

  func issueKey(_ call: Call) async throws -> HTTPResponse {
    // A repetition with the same idempotency key finds the key that was issued; its text was shown once and is not kept.
    let minted = KeyMint.mint()
    let made: KeyValuePairs = ["key": minted.id, "secret_sha256": minted.sha256]
    return try await change(call, .issueKey, made: made, in: "system") { change in
      func texts(_ member: String) -> [String] { (change.body[member]?.elements ?? []).compactMap(\.string) }
      try call.key.checkIssue(ledgers: texts("ledgers"), sources: texts("sources"))
    } resource: {
      Self.shown(minted, $0)
    }
  }

  /// Issues a successor with a key's rights, which ends after an overlap.
  func rotateKey(_ call: Call) async throws -> HTTPResponse {
    let minted = KeyMint.mint()
    let id = call.parameter("key")
    let command = try CommandCatalogue.rotateKey(
      call.body(), id: id, successor: minted.id, secretSHA256: minted.sha256)
    let record = try await registry.writer("system").look { $0.state.key(id) }
    if let record, record.id != call.key.principal.key {
      try call.key.checkIssue(ledgers: record.ledgers, sources: record.sources)
    }
    return try await run(command, call, in: "system") { Self.shown(minted, $0) }
  }

  /// The key that was issued, or that an approval was asked for, and its text where it was made by this very request.
  private static func shown(_ minted: KeyMint.Minted, _ answer: AppendAnswer) -> [(name: String, value: JSON)] {
    let event = answer.events.first { $0.type == "key.issued" } ?? answer.events.first
    let data = event.flatMap { try? JSON(parsing: $0.data) }
    let key = data?["change"]?["body"]?["key"] ?? data?["key"] ?? .null
    let isFresh = answer.receipts.allSatisfy { !$0.duplicate }
    return [("key", key)] + (isFresh ? [("secret", .text(minted.text))] : [])
  }

  func revokeKey(_ call: Call) async throws -> HTTPResponse {
    let reason = try CommandCatalogue.reason(call.body())
    return try await run(.revokeKey(id: call.parameter("key"), reason: reason), call, in: "system")
  }

  func listOwners(_ call: Call) async throws -> HTTPResponse {
    let body = try await registry.writer("system").look { memory -> JSON in
      let owners = memory.state.allOwners.map { owner in
        JSON.object([
          "owner": .text(owner.id), "name": .text(owner.name), "position": .integer(owner.position),
          "added_at": .text(owner.addedAt.description), "unreviewed": owner.isUnreviewed ? .boolean(true) : nil,
        ])
      }
      return .object(["position": .integer(memory.position), "owners": .array(owners)])
    }
    return .json(200, body.canonical)
  }

  func addOwner(_ call: Call) async throws -> HTTPResponse {
    try await change(call, .addOwner, in: "system")
  }

  private static func json(_ key: KeyRecord) -> JSON {
    .object([
      "key": .text(key.id), "kind": .text(key.kind.rawValue), "owner": .text(key.owner),
      "roles": .array(key.roles.sorted().map { .text($0.rawValue) }),
      "ledgers": .array(key.ledgers.map { .text($0) }),
      "sources": .array(key.sources.map { .text($0) }), "expires": key.expires.map { .text($0.description) },
      "revoked": .boolean(key.isRevoked), "issued_at": .text(key.issuedAt.description),
      "successor": key.successor.map(JSON.text), "unreviewed": key.isUnreviewed ? .boolean(true) : nil,
    ])
  }

  // MARK: Ledgers

  func listLedgers(_ call: Call) async throws -> HTTPResponse {
    let names = try await readers.withConnection { try LedgerRows.names($0) }
    let ledgers = names.filter { call.key.reaches($0) }.map { name in
      JSON.object([
        "ledger": .text(name), "position": registry.heads.head(of: name).map { .integer($0.position) },
      ])
    }
    return .json(200, JSON.object(["ledgers": .array(ledgers)]).canonical)
  }

  func openLedger(_ call: Call) async throws -> HTTPResponse {
    let (name, command) = try CommandCatalogue.openLedger(call.body(), tiers: tiers)
    guard LedgerName.isValid(name) else {
      throw RequestFault(
        .invalidRequest,
        [ValidationFault(pointer: "/name", code: "pattern", detail: "is [a-z][a-z0-9_-]{0,62}")])
    }
    guard call.key.reaches(name) else {
      throw AccessRefusal(operation: call.endpoint.operationID, reason: .ledger)
    }
    if case .openLedger(let body, _, _) = command, let zone = body["time_zone"]?.string, !ReportingZones.isKnown(zone)
    {
      throw RequestFault(
        .invalidRequest,
        [ValidationFault(pointer: "/time_zone", code: "enum", detail: "is no name of the IANA time zone database")])
    }
    try await registry.create(name)
    return try await run(command, call, in: name)
  }

  // MARK: Health

  func openEndpoint(_ operation: String) async -> HTTPResponse {
    operation == "readHealth" ? .json(200, Array(#"{"status":"live"}"#.utf8)) : await readiness()
  }

  /// Ready: the database answers, the ledger can be locked within a second, projectors are within bounds.
  private func readiness() async -> HTTPResponse {
    var checks: [ExactText: JSON] = [:]
    var failing: [String] = []
    func note(_ name: String, _ isFine: Bool, _ detail: String) {
      checks[ExactText(name)] = .object(["ok": .boolean(isFine), "detail": .text(detail)])
      if !isFine { failing.append("\(name): \(detail)") }
    }
    note("service", !stopping.isSet, stopping.isSet ? "stopping" : "running")
    do {
      try await registry.canLock("main", within: .seconds(1))
      note("ledger", true, "can be locked")
    } catch {
      note("ledger", false, "the database is away or the ledger's lock is held")
    }
    for ledger in ["main", "system"] {
      if let stopped = (try? registry.writer(ledger))?.board.current.stopped { note("writer", false, stopped) }
    }
    do {
      let late = try await statuses.late()
      note("projections", late.isEmpty, late.isEmpty ? "within bounds" : late.joined(separator: "; "))
    } catch {
      note("projections", false, "their state is not known")
    }
    if let notaries = try? await statuses.notaries() {
      let halted = notaries.compactMap { status in status.halt.map { "\(status.ledger): \($0.detail)" } }
      note("notary", halted.isEmpty, halted.isEmpty ? "nothing halted" : halted.joined(separator: "; "))
    }
    let body = JSON.object([
      "ready": .boolean(failing.isEmpty), "checks": .object(checks),
      "detail": failing.isEmpty ? nil : .text(failing.joined(separator: "; ")),
    ])
    return .json(failing.isEmpty ? 200 : 503, body.canonical)
  }
}

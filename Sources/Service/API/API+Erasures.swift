import Control
import Domain
import HTTP
import Log
import Postgres

extension API {
  /// Erasures of one answer, if not asked for otherwise, and at most.
  static let erasuresListed = (usual: Int64(100), most: Int64(1_000))

  /// Asks for an erasure: 202, as it always takes a second owner.
  func eraseData(_ call: Call) async throws -> HTTPResponse {
    try await change(call, .eraseData, made: ["erasure": FreshID.next()])
  }

  /// Releases a hold, through a second owner.
  func releaseHold(_ call: Call) async throws -> HTTPResponse {
    try await change(call, .releaseHold, named: "hold")
  }

  /// Places a hold.
  func placeHold(_ call: Call) async throws -> HTTPResponse {
    try await run(try CommandCatalogue.placeHold(call.body()), call, in: call.ledger)
  }

  /// The holds that stand; persons by name while it is known.
  func listHolds(_ call: Call) async throws -> HTTPResponse {
    try QueryReader(call.request, allowed: []).finish()
    let ledger = call.ledger
    let (position, holds) = try await registry.writer(ledger).look { ($0.position, $0.state.activeHolds) }
    let tokens = holds.compactMap(\.person?.token)
    let names = try await self.names(of: tokens, in: ledger)
    let listed = holds.map { hold in
      JSON.object([
        "hold": .text(hold.id), "subject": hold.subject.map(JSON.text), "kind": hold.person.map { .text($0.kind) },
        "user": hold.person.flatMap { names[$0.token] }.map(JSON.text),
        "person": hold.person.map { .text($0.token) }, "from": hold.from.map { .text($0.description) },
        "until": hold.until.map { .text($0.description) }, "reason": .text(hold.reason),
        "owner": .text(hold.owner), "actor": .text(hold.actor), "position": .integer(hold.position),
        "placed_at": .text(hold.placedAt.description),
      ])
    }
    return .json(200, JSON.object(["position": .integer(position), "holds": .array(listed)]).canonical)
  }

  /// What was erased, the newest first; `carried_out` once nothing of it is left in the tables.
  func listErasures(_ call: Call) async throws -> HTTPResponse {
    var query = try QueryReader(call.request, allowed: ["before", "limit"])
    let before = try query.integer("before", in: 1...Int64.max) ?? .max
    let limit = try query.integer("limit", in: 1...Self.erasuresListed.most) ?? Self.erasuresListed.usual
    try query.finish()
    let ledger = call.ledger
    let position = try await head(ledger)
    let records = try await readers.withConnection {
      try ErasureRecord.latest($0, ledger: ledger, before: before, limit: Int(limit))
    }
    let done = eraser.position(of: ledger)
    let listed = records.map { record in
      var json = record.data
      for member in ["part", "parts"] { json[member] = nil }
      for member in ["events", "owner", "approval", "requested_by_owner"] { json[member] = record.derived[member] }
      json["position"] = .integer(record.position)
      json["recordedtime"] = .text(record.recordedAt.description)
      json["carried_out"] = .boolean(record.lastPosition <= done)
      return json
    }
    return .json(200, JSON.object(["position": .integer(position), "erasures": .array(listed)]).canonical)
  }

  /// Approvals of erasures with the person's name, while it is known: whoever grants must see whom.
  func withPersons(_ approvals: [JSON], in ledger: String) async throws -> [JSON] {
    let tokens = approvals.compactMap { $0["change"]?["body"]?["person"]?.string }
    if tokens.isEmpty { return approvals }
    let names = try await self.names(of: tokens, in: ledger)
    return approvals.map { approval in
      var approval = approval
      approval["person"] = (approval["change"]?["body"]?["person"]?.string).flatMap { names[$0] }.map(JSON.text)
      return approval
    }
  }

  /// What an erasure that a command asks for, or grants, selects as far as the log has come: the long look, without the lock.
  ///
  /// - Returns: nil where the writer has nothing to look for, or an index leads to it.
  func scan(for command: Command, in ledger: String) async throws -> SelectorScan? {
    var asked = command
    if let person = command.change?.erasedPerson {
      let name = PersonName(kind: person.kind, value: person.name)
      let token = try await readers.withConnection { connection in
        let lookup = PersonTokens.lookup(ledger: ledger, [name])
        return PersonTokens.tokens(try connection.execute(lookup.sql, lookup.parameters))[name]
      }
      guard let token else { return nil }
      asked = command.naming(["user": token])
    }
    switch asked {
    case .grantApproval: break
    case .change(let change, _, _) where change.operation == .eraseData: break
    default: return nil
    }
    let selector = try await registry.writer(ledger).look { [asked] in $0.state.erasure(by: asked) }
    guard let selector, case .person = selector.choice else { return nil }
    return try await readers.withConnection { try SelectorScan.run($0, ledger: ledger, selector) }
  }
}

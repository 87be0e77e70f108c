import Control
import Domain
import HTTP
import Log

extension API {
  /// Changes that an admin made alone and nobody has reviewed yet.
  func listBreakGlass(_ call: Call) async throws -> HTTPResponse {
    let body = try await registry.writer(call.ledger).look { memory -> JSON in
      .object([
        "position": .integer(memory.position), "break_glass": Self.json(memory.state.unreviewedGlass),
      ])
    }
    return .json(200, body.canonical)
  }

  func reviewBreakGlass(_ call: Call) async throws -> HTTPResponse {
    let id = call.parameter("id")
    return try await run(try CommandCatalogue.reviewBreakGlass(call.body(), id: id), call, in: call.ledger)
  }

  static func json(_ unreviewed: [BrokenGlass]) -> JSON {
    .array(
      unreviewed.map { broken in
        .object([
          "id": .text(broken.id), "kind": .text(broken.kind.rawValue), "risk": .text(broken.risk.rawValue),
          "change": broken.change, "reason": .text(broken.reason), "actor": .text(broken.actor),
          "owner": .text(broken.owner), "position": .integer(broken.position),
          "used_at": .text(broken.usedAt.description),
        ])
      })
  }
}

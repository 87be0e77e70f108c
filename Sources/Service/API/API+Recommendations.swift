import Control
import Domain
import HTTP
import Log

extension API {
  /// Recommendations that wait for a person.
  func listRecommendations(_ call: Call) async throws -> HTTPResponse {
    let body = try await registry.writer(call.ledger).look { memory -> JSON in
      .object([
        "position": .integer(memory.position),
        "recommendations": .array(memory.state.openRecommendations.map(Self.json)),
      ])
    }
    return .json(200, body.canonical)
  }

  func makeRecommendation(_ call: Call) async throws -> HTTPResponse {
    try await run(try CommandCatalogue.recommend(call.body()), call, in: call.ledger) { answer in
      let prefix = "recommendation/"
      let subject = answer.events.last { $0.subject.hasPrefix(prefix) }?.subject
      return subject.map { [("recommendation", .text(String($0.dropFirst(prefix.count))))] } ?? []
    }
  }

  func dismissRecommendation(_ call: Call) async throws -> HTTPResponse {
    let reason = try CommandCatalogue.reason(call.body())
    return try await run(
      .dismissRecommendation(id: call.parameter("recommendation"), reason: reason), call, in: call.ledger)
  }

  private static func json(_ recommendation: Recommendation) -> JSON {
    .object([
      "recommendation": .text(recommendation.id), "kind": .text(recommendation.kind.rawValue),
      "operation": .text(recommendation.operation), "change": recommendation.change.json,
      "actor": .text(recommendation.actor), "actor_kind": .text(recommendation.actorKind.rawValue),
      "owner": .text(recommendation.owner), "position": .integer(recommendation.position),
      "made_at": .text(recommendation.madeAt.description),
    ])
  }
}

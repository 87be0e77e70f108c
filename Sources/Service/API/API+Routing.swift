import Control
import Domain
import HTTP
import Log

extension API {
  // MARK: Routes

  func listRoutes(_ call: Call) async throws -> HTTPResponse {
    try await look(call) { state in
      ["routes": .array(state.allRoutes.map { state.marked($0.json, "route/\($0.operation)") })]
    }
  }

  func readRoute(_ call: Call) async throws -> HTTPResponse {
    let operation = call.parameter("operation")
    return try await look(call, orNone: "There is no route for this operation.") { state in
      state.route(operation).map { ["route": state.marked($0.json, "route/\(operation)")] }
    }
  }

  // MARK: Models

  /// Models have slashes in their names, and so stand in no path.
  func listModels(_ call: Call) async throws -> HTTPResponse {
    let query = try QueryReader(call.request, allowed: ["model"])
    let name = query.value("model")
    try query.finish()
    return try await look(call) { state in
      let wanted = name.map { state.exactName(ofModel: $0) }
      let models = state.allModels.filter { wanted == nil || $0.name == wanted }
      return ["models": .array(models.map { state.marked($0.json, "model/\($0.name)") })]
    }
  }

  // MARK: Toggles

  func listToggles(_ call: Call) async throws -> HTTPResponse {
    try await look(call) { state in
      ["toggles": .array(state.allToggles.map { state.marked($0.json, "toggle/\($0.name)") })]
    }
  }

  func readToggle(_ call: Call) async throws -> HTTPResponse {
    let name = call.parameter("toggle")
    return try await look(call, orNone: "There is no toggle of this name.") { state in
      state.toggle(name).map { ["toggle": state.marked($0.json, "toggle/\(name)")] }
    }
  }

  /// Lets a caller pass, or records that it may not.
  func enforceToggle(_ call: Call) async throws -> HTTPResponse {
    let name = call.parameter("toggle")
    return try await run(try CommandCatalogue.enforceToggle(name), call, in: call.ledger) { answer in
      let reason = answer.events.first.flatMap { try? JSON(parsing: $0.data) }?["reason"]
      return [("toggle", .text(name)), ("outcome", .text(reason == nil ? "passed" : "refused"))]
        + (reason.map { [("reason", $0)] } ?? [])
    }
  }

  // MARK: Policy

  func readPolicy(_ call: Call) async throws -> HTTPResponse {
    try await look(call) { state in
      ["policy": state.marked(state.policy.json, Policy.subject), "tiers": state.tiers.json]
    }
  }

  // MARK: Evaluations

  func listEvaluations(_ call: Call) async throws -> HTTPResponse {
    let query = try QueryReader(call.request, allowed: ["operation"])
    let operation = query.value("operation")
    try query.finish()
    return try await look(call) { state in
      ["evaluations": .array(state.evaluations(of: operation).map(\.json))]
    }
  }

  func recordEvaluation(_ call: Call) async throws -> HTTPResponse {
    try await run(try CommandCatalogue.recordEvaluation(call.body()), call, in: call.ledger)
  }

  // MARK: Looking

  /// Answers with what a look at the control state finds, and the position that it is true at; 404 where it finds nothing.
  private func look(
    _ call: Call, orNone detail: String = "There is nothing here.",
    _ find: @escaping @Sendable (ControlState) -> [ExactText: JSON]?
  ) async throws -> HTTPResponse {
    let body = try await registry.writer(call.ledger).look { memory -> JSON? in
      find(memory.state).map { .object($0.merging(["position": .integer(memory.position)]) { own, _ in own }) }
    }
    guard let body else { throw RequestFault(.notFound, detail: detail) }
    return .json(200, body.canonical)
  }
}

extension ControlState {
  /// A configuration with the sequence of its subject, which a change of it may name.
  fileprivate func marked(_ json: JSON, _ subject: String) -> JSON {
    var json = json
    json["sequence"] = .integer(mark(of: subject)?.sequence ?? 0)
    return json
  }
}

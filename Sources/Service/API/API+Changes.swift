import Control
import Domain
import HTTP
import Log

extension API {
  /// Makes a change of the configuration: 200 where it is made, 202 where an approval was asked for.
  ///
  /// - Parameters:
  ///   - parameter: the path's parameter that names what is changed; nil where the body does.
  ///   - made: members of the change that the service makes.
  ///   - ledger: whose log it goes to; nil: the path's.
  ///   - check: refuses a change before it is asked for.
  ///   - resource: more of what the change made, for the answer.
  func change(
    _ call: Call, _ operation: Change.Operation, named parameter: String? = nil,
    made: KeyValuePairs<String, String> = [:], in ledger: String? = nil, check: (Change) throws -> Void = { _ in },
    resource: (AppendAnswer) -> [(name: String, value: JSON)] = { _ in [] }
  ) async throws -> HTTPResponse {
    let command = try CommandCatalogue.change(
      operation, call.body(), name: parameter.map { call.parameter($0) }, made: made)
    if let change = command.change { try check(change) }
    return try await run(command, call, in: ledger ?? call.ledger) { answer in
      Self.outcome(of: answer) + resource(answer)
    }
  }

  /// What came of a change.
  static func outcome(of answer: AppendAnswer) -> [(name: String, value: JSON)] {
    guard let request = openRequest(of: answer) else { return [("outcome", .text("applied"))] }
    return [("outcome", .text("approval_requested")), ("approval", request)]
  }

  /// 202 where a change waits for an approval.
  static func status(of answer: AppendAnswer, _ command: Command) -> Int {
    guard case .change = command else { return 200 }
    return openRequest(of: answer) == nil ? 200 : 202
  }

  /// The request that a change caused in the place of its own events.
  private static func openRequest(of answer: AppendAnswer) -> JSON? {
    guard answer.events.count == 1, let event = answer.events.first, event.type == "approval.requested",
      var request = try? JSON(parsing: event.data), event.id.hasSuffix("#1")
    else { return nil }
    request["approval"] = .text(String(event.subject.dropFirst("approval/".count)))
    request["position"] = .integer(event.position)
    if let derived = event.derived.flatMap({ try? JSON(parsing: $0) }) {
      for member in ["quorum", "state", "why"] { request[member] = derived[member] }
    }
    return request
  }
}

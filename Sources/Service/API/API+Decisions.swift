import Control
import Crypto
import Domain
import HTTP
import Log
import Postgres

extension API {
  /// Decides a call, or answers with what was decided under its id before.
  func decideRoute(_ call: Call) async throws -> HTTPResponse {
    let (id, command) = try CommandCatalogue.decide(call.body())
    let writer = try registry.writer(call.ledger)
    let digest = Self.digest(of: command)
    let answer = try await measured(call.ledger) {
      try await writer.command(
        command, by: call.key.principal, key: id, request: digest, freshID: FreshID.next())
    }
    guard let decision = answer.events.first,
      let body = DecisionAnswer.body(of: decision, isDuplicate: answer.receipts.first?.duplicate == true)
    else { throw WriteError(.internalFault, "a decision has an event of its own") }
    return .json(200, body)
  }

  /// What was decided under an id.
  func readDecision(_ call: Call) async throws -> HTTPResponse {
    let (id, ledger) = (call.parameter("decision"), call.ledger)
    _ = try registry.writer(ledger)
    let event = try await readers.withConnection {
      try LogReader($0, ledger: ledger).event(id: id, source: Command.decisionSource)
    }
    guard let body = event.flatMap({ DecisionAnswer.body(of: $0, isDuplicate: true) }) else {
      throw RequestFault(.notFound, detail: "There is no decision of that id.")
    }
    if let event { noteRead(call, events: [event]) }
    return .json(200, body)
  }

  /// What was asked, but for the persons: a digest of a name would tell the name again after it was erased. The writer
  /// compares persons by their tokens.
  private static func digest(of command: Command) -> String {
    guard case .decide(.object(var body)) = command else { preconditionFailure("a decision is asked for") }
    for person: ExactText in ["user", "session"] where body[person] != nil { body[person] = .text("") }
    return Hex.string(SHA256Digest.hash(Array("decideRoute\n".utf8) + JSON.object(body).canonical))
  }
}

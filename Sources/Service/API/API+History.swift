import Domain
import HTTP
import Log
import Postgres
import Projections

extension API {
  /// Rows or events of one answer, if not asked for otherwise, and at most.
  static let historyDefault = 100
  static let historyLimit: Int64 = 1000

  /// What the rules know, as of a point.
  func readControl(_ call: Call) async throws -> HTTPResponse {
    let query = try QueryReader(call.request, allowed: ["as_of"])
    let asOf = try Self.replayPoint(query.value("as_of"))
    try query.finish()
    let ledger = call.ledger
    let position = try await end(of: ledger, asOf)
    let (replay, recordedAt) = try await books.countedAsReplay { deadline in
      try await readers.withConnection { connection in
        let replay = try ControlReplay.run(connection, ledger: ledger, at: .position(position), fromSnapshot: true) {
          guard ContinuousClock.now <= deadline else {
            throw ProjectionError(.timeLimit, "the replay took longer than it may")
          }
        }
        return (replay, try LogReader(connection, ledger: ledger).event(at: position)?.recordedAt)
      }
    }
    let said = JSON.object([
      "ledger": .text(ledger), "position": .integer(position),
      "recordedtime": recordedAt.map { .text($0.description) } ?? .null,
      "rules_version": .integer(Int64(replay.rulesVersion)), "form": .integer(replay.form),
      "sha256": .text(replay.digest),
    ])
    // The state is canonical already, and its name comes last.
    let body = said.canonical.dropLast() + Array(",\"state\":".utf8) + replay.state + Array("}".utf8)
    return HTTPResponse(
      status: 200, headers: [("Content-Type", "application/json"), ("Daybook-Position", String(position))],
      body: .bytes(Array(body)))
  }

  /// How two points of a book's history differ.
  func diffBook(_ call: Call) async throws -> HTTPResponse {
    var query = try QueryReader(call.request, allowed: ["from", "to", "table", "after", "limit"])
    let from = try Self.replayPoint(query.value("from"), "from")
    let to = try Self.replayPoint(query.value("to"), "to")
    let after = try query.integer("after", in: 0...Int64.max) ?? 0
    let limit = try query.integer("limit", in: 1...Self.historyLimit) ?? Int64(Self.historyDefault)
    if from == nil { query.fail("from", "required", "is missing") }
    try query.finish()
    let answer = try await books.compare(
      ComparisonRequest(
        ledger: call.ledger, projection: call.parameter("projection"), table: query.value("table"),
        from: from ?? .position(0), to: to, after: after, limit: Int(limit)))
    return .json(200, answer.canonical)
  }

  /// The events behind rows of a book; everything in the query string but its own parameters are key columns.
  func explainBook(_ call: Call) async throws -> HTTPResponse {
    let own: Set<String> = ["table", "as_of", "after", "limit"]
    var query = try QueryReader(call.request, allowed: call.request.query.map(\.name), repeatable: [])
    let asOf = try Self.replayPoint(query.value("as_of"))
    let after = try query.integer("after", in: 0...Int64.max) ?? 0
    let limit = try query.integer("limit", in: 1...Self.historyLimit) ?? Int64(Self.historyDefault)
    try query.finish()
    let answer = try await books.explain(
      ExplanationRequest(
        ledger: call.ledger, projection: call.parameter("projection"), table: query.value("table"),
        key: call.request.query.filter { !own.contains($0.name) }.map { ($0.name, $0.value) }, asOf: asOf,
        after: after, limit: Int(limit)))
    return .json(200, answer.canonical)
  }

  /// Where the log ends for somebody who asks as of a point; its head where none is given.
  func end(of ledger: String, _ point: ReplayPoint?) async throws -> Int64 {
    let head = try await head(ledger)
    switch point {
    case nil: return head
    case .position(let position):
      guard position <= head else {
        throw ProjectionError(.beyondHead, "the ledger has the positions 0 to \(head)", position: head)
      }
      return position
    case .time(let moment):
      return try await readers.withConnection { try LogReader($0, ledger: ledger).position(at: moment) }
    }
  }

  /// Says where the log ended for an answer as of a point, where its body cannot.
  static func position(_ asOf: ReplayPoint?, _ filter: LogFilter) -> [(name: String, value: String)] {
    guard asOf != nil, let position = filter.upTo else { return [] }
    return [("Daybook-Position", String(position))]
  }
}

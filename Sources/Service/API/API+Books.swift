import Control
import Domain
import Foundation
import HTTP
import Log
import Notary
import Projections

extension API {
  /// Small answers are made whole, so that a failure on the way is a problem and not a torn body; these stream.
  private static let streamed: Set<EndpointAccess.Media> = [.csv, .ndjson]

  func listBooks(_ call: Call) async throws -> HTTPResponse {
    try QueryReader(call.request, allowed: []).finish()
    let definitions = try await books.definitions()
    return .json(200, JSON.object(["books": .array(definitions.map(BookDescription.json))]).canonical)
  }

  /// Asks a book; everything in the query string but `as_of` and `min_position` is the query's.
  func queryBook(_ call: Call) async throws -> HTTPResponse {
    let own: Set<String> = ["as_of", "min_position"]
    // The query knows its own parameters, and which of them are lists that may stand more than once.
    let names = Set(call.request.query.map(\.name))
    var query = try QueryReader(call.request, allowed: Array(names), repeatable: names.subtracting(own))
    let minPosition = try query.integer("min_position", in: 0...Int64.max)
    let asOf = try Self.replayPoint(query.value("as_of"))
    try query.finish()
    let request = BookRequest(
      ledger: call.ledger, projection: call.parameter("projection"), query: call.parameters["query"],
      parameters: call.request.query.filter { !own.contains($0.name) }, minPosition: minPosition, asOf: asOf)
    let media = call.accepts(call.endpoint.response)
    let format: BookFormat =
      switch media {
      case .csv: .csv
      case .ndjson: .ndjson
      default: .json
      }
    let answer = try await books.open(request)
    let book = [request.projection, request.query].compactMap { $0 }.joined(separator: "/")
    let range = asOf.map { _ in (first: answer.position, last: answer.position) }
    let headers = [
      ("Content-Type", media.rawValue), ("Daybook-Position", String(answer.position)), ("Cache-Control", "no-store"),
    ]
    guard Self.streamed.contains(media) else {
      let body = ByteSink()
      let rows = try await answer.write(as: format) { body.append($0) }
      noteRead(call, records: rows, range: range, book: book)
      return HTTPResponse(status: 200, headers: headers, body: .bytes(body.bytes))
    }
    return HTTPResponse(
      status: 200, headers: headers,
      body: .stream { [self] writer in
        noteRead(call, records: 0, range: range, book: book)
        let rows = try await answer.write(as: format) { try await writer.write($0) }
        noteRead(call, records: rows, book: book, isContinued: true)
      })
  }

  /// A position or an RFC 3339 moment.
  static func replayPoint(_ text: String?, _ name: String = "as_of") throws(RequestFault) -> ReplayPoint? {
    guard let text else { return nil }
    if let position = Int64(text), position >= 0 { return .position(position) }
    if let moment = Timestamp(rfc3339: text) { return .time(moment) }
    throw RequestFault(
      .invalidParameter,
      [ValidationFault(pointer: "?\(name)", code: "type", detail: "is a position or a moment as RFC 3339 writes it")])
  }

  /// Lets a stopped projection go past an event.
  func skipEvent(_ call: Call) async throws -> HTTPResponse {
    let name = call.parameter("projection")
    guard try await books.definitions().contains(where: { $0.name == name }) else {
      throw RequestFault(.notFound, detail: "There is no book of that name.")
    }
    let command = try CommandCatalogue.skipEvent(call.body(), projection: name)
    return try await run(command, call, in: call.ledger)
  }

  /// How the ledger and its projections are doing.
  func readStatus(_ call: Call) async throws -> HTTPResponse {
    let ledger = call.ledger
    let board = try registry.writer(ledger).board.current
    let books = try await statuses.read().filter { $0.ledger == ledger }
    // Of a halted ledger nothing can be expired, and so not all be known; that it is halted must be told.
    let (unreviewed, rerates) =
      (try? await registry.writer(ledger).look { ($0.state.unreviewedGlass, $0.state.openRerates) }) ?? ([], [])
    let notary = try await statuses.notaries().first { $0.ledger == ledger }
    let body = JSON.object([
      "ledger": .text(ledger), "position": .integer(try await head(ledger)), "break_glass": Self.json(unreviewed),
      "recordedtime": board.recordedAt.map { .text($0.description) },
      "writer_stopped": board.stopped.map { .text($0) },
      "notary": notary.map(NotaryDescription.json), "rerates": .array(rerates.map(Self.json)),
      "books": .array(books.map(BookDescription.json)),
    ])
    return .json(200, body.canonical)
  }
}

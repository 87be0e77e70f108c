import Control
import Domain
import HTTP
import Log
import Postgres

extension API {
  /// Records a difference between an invoice and the books, and counts it.
  func recordDifference(_ call: Call) async throws -> HTTPResponse {
    let counter = metrics.reconciliationDifferences[call.ledger]
    return try await run(try CommandCatalogue.recordDifference(call.body()), call, in: call.ledger) { answer in
      counter.add(answer.receipts.count { !$0.duplicate })
      return []
    }
  }

  /// Re-ratings that are under way.
  func listRerates(_ call: Call) async throws -> HTTPResponse {
    try QueryReader(call.request, allowed: []).finish()
    let (position, open) = try await registry.writer(call.ledger).look { ($0.position, $0.state.openRerates) }
    let body = JSON.object(["position": .integer(position), "rerates": .array(open.map(Self.json))])
    return .json(200, body.canonical)
  }

  static func json(_ rerate: Rerate) -> JSON {
    .object([
      "rerate": .text(rerate.id), "selection": rerate.selection.json, "position": .integer(rerate.position),
      "calls": .integer(rerate.calls), "adjusted": .integer(rerate.adjusted), "totals": rerate.totals.json,
      "approved_at": .integer(rerate.approvedAt),
    ])
  }

  /// Costs past completions by the prices known now, and asks for the approval to book it.
  func proposeRerate(_ call: Call) async throws -> HTTPResponse {
    let body = try call.body()
    let selection = try CommandCatalogue.rerateSelection(body)
    let ledger = call.ledger
    let (position, book) = try await registry.writer(ledger).look { ($0.position, $0.state.prices) }
    let reader = try await RerateReader(readers, ledger: ledger, selection, position: position, book: book)
    let (found, pages) = try await reader.proposal()
    registry.proposals.keep(pages, of: found)
    let command = try CommandCatalogue.rerate(body, id: FreshID.next(), found: found)
    return try await run(command, call, in: ledger) { answer in
      Self.outcome(of: answer) + [("proposal", found.json)]
    }
  }
}

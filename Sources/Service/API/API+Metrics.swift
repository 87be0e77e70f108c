import Domain
import HTTP
import Notary
import Projections

extension API {
  /// Metrics for Prometheus; what others count is read at this moment.
  func readMetrics(_ call: Call) async throws -> HTTPResponse {
    for writer in registry.writers {
      metrics.queueEvents[writer.ledger].set(Double(writer.queue.depth))
      // There from the first look, so that a rate shows the first difference too.
      metrics.reconciliationDifferences[writer.ledger].add(0)
    }
    for (ledger, head) in registry.heads.heads { metrics.logPosition[ledger].set(Double(head.position)) }
    let found = comparisons.findings(of: registry.heads.heads.mapValues(\.position))
    for (ledger, findings) in found {
      if let beyond = findings.beyondTolerance { metrics.reconciliationFindings[ledger].set(Double(beyond)) }
    }
    for status in (try? await statuses.read()) ?? [] {
      metrics.projectionLagPositions[status.projection, status.ledger].set(Double(status.lagPositions))
      metrics.projectionLagSeconds[status.projection, status.ledger].set(status.lagSeconds)
      metrics.projectionStopped[status.projection, status.ledger].set(status.fault == nil ? 0 : 1)
      if let findings = found[status.ledger] {
        metrics.projectionDifferences[status.projection, status.ledger].set(
          Double(findings.differences[status.projection, default: 0]))
      }
    }
    for status in (try? await statuses.notaries()) ?? [] {
      metrics.checkpointPosition[status.ledger].set(Double(status.position))
      metrics.cosignedPosition[status.ledger].set(Double(status.cosignedPosition))
      metrics.notaryHalted[status.ledger].set(status.halt == nil ? 0 : 1)
    }
    return HTTPResponse(
      status: 200, headers: [("Content-Type", EndpointAccess.Media.metrics.rawValue)], body: .bytes(metrics.text()))
  }
}

extension API {
  /// Lets the writer work, and counts what came of it.
  func measured(_ ledger: String, _ write: () async throws -> AppendAnswer) async throws -> AppendAnswer {
    let started = ContinuousClock.now
    let answer = try await write()
    metrics.appendDuration[].observe(ContinuousClock.now - started)
    let duplicates = answer.receipts.count { $0.duplicate }
    if duplicates > 0 { metrics.duplicates[ledger].add(duplicates) }
    return answer
  }

  /// This interface as OpenAPI 3.1.
  func readOpenAPI(_ call: Call) async throws -> HTTPResponse {
    .json(200, OpenAPIDocument(books: try await books.definitions()).bytes)
  }
}

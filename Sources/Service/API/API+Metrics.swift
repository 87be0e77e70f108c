import Domain
import HTTP
import Projections

extension API {
  /// Metrics for Prometheus; what others count is read at this moment.
  func readMetrics(_ call: Call) async throws -> HTTPResponse {
    for writer in registry.writers {
      metrics.queueEvents[writer.ledger].set(Double(writer.queue.depth))
    }
    for (ledger, head) in registry.heads.heads { metrics.logPosition[ledger].set(Double(head.position)) }
    for status in (try? await statuses.read()) ?? [] {
      metrics.projectionLagPositions[status.projection, status.ledger].set(Double(status.lagPositions))
      metrics.projectionLagSeconds[status.projection, status.ledger].set(status.lagSeconds)
      metrics.projectionStopped[status.projection, status.ledger].set(status.fault == nil ? 0 : 1)
    }
    return HTTPResponse(
      status: 200, headers: [("Content-Type", EndpointAccess.Media.metrics.rawValue)], body: .bytes(metrics.text()))
  }
}

extension API {
  /// This interface as OpenAPI 3.1.
  func readOpenAPI(_ call: Call) async throws -> HTTPResponse {
    .json(200, OpenAPIDocument(books: try await books.definitions()).bytes)
  }
}

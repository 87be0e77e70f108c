import HTTP
import Synchronization

/// What the service counts about itself, for `/metrics`.
///
/// Names and meanings are part of the interface; a metric that is here is fed, one that is not fed is not here.
final class ServiceMetrics: Sendable {
  /// More ledgers or projections than this are counted together as `other`.
  private static let maxNamed = 200

  private static let ledger = MetricLabel.upTo(maxNamed, "ledger")
  private static let projection = MetricLabel.upTo(maxNamed, "projection")
  /// 100 µs to 10 s, in nanoseconds.
  private static let durations: [Int64] = [
    100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000, 100_000_000,
    250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000, 5_000_000_000, 10_000_000_000,
  ]
  private static let batchSizes: [Int64] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000]

  // Appending.

  /// Events made durable.
  let appends = MetricFamily(
    "daybook_appends_total", "Events appended and durable.", labels: [ledger], make: Counter.init)
  /// Events that were there already.
  let duplicates = MetricFamily(
    "daybook_append_duplicates_total", "Events that had been appended before and were answered as duplicates.",
    labels: [ledger], make: Counter.init)
  /// From a request's arrival at the writer to its durable answer.
  let appendDuration = MetricFamily(
    "daybook_append_duration_seconds", "Time from handing a command to the writer until it was durable.",
    make: { Histogram(.seconds, bounds: durations) })
  /// Size of the batches that the writer commits.
  let batchEvents = MetricFamily(
    "daybook_batch_events", "Events committed together in one batch.",
    make: { Histogram(.count, bounds: batchSizes) })
  /// Events that wait for the writer.
  let queueEvents = MetricFamily(
    "daybook_queue_events", "Events waiting for the writer.", labels: [ledger], make: Gauge.init)
  /// The head of the log.
  let logPosition = MetricFamily(
    "daybook_log_position", "Position of the last event of the ledger, as this process knows it.", labels: [ledger],
    make: Gauge.init)

  // Projections.

  /// How far behind, in positions.
  let projectionLagPositions = MetricFamily(
    "daybook_projection_lag_positions", "Positions between the head of the log and the projection's cursor.",
    labels: [projection, ledger], make: Gauge.init)
  /// How far behind, in time.
  let projectionLagSeconds = MetricFamily(
    "daybook_projection_lag_seconds", "Age of the oldest event that the projection has not posted; 0 when caught up.",
    labels: [projection, ledger], make: Gauge.init)
  /// 1 where a projection stopped at an event that it cannot post.
  let projectionStopped = MetricFamily(
    "daybook_projection_stopped", "1 where the projection stopped at an event that it cannot post.",
    labels: [projection, ledger], make: Gauge.init)
  /// Sums of a book that differ from the log's.
  let projectionDifferences = MetricFamily(
    "daybook_projection_differences",
    "Sums of the book that differed from the log's when they were compared last; compared every ten minutes at most.",
    labels: [projection, ledger], make: Gauge.init)
  /// What providers' invoices and the books do not agree on.
  let reconciliationFindings = MetricFamily(
    "daybook_reconciliation_findings",
    "Findings of the book reconciliation beyond its default tolerance, when the books were compared last.",
    labels: [ledger], make: Gauge.init)

  // Notary.

  /// How far the log is signed.
  let checkpointPosition = MetricFamily(
    "daybook_checkpoint_position", "Last position of the ledger that a signed checkpoint covers.", labels: [ledger],
    make: Gauge.init)
  /// How far witnesses cosigned it.
  let cosignedPosition = MetricFamily(
    "daybook_cosigned_position", "Last position of the ledger that a witness cosigned; 0 without witnesses.",
    labels: [ledger], make: Gauge.init)
  /// 1 where the notary refuses to go on.
  let notaryHalted = MetricFamily(
    "daybook_notary_halted", "1 where the notary refuses to sign, as the log is no continuation of what was signed.",
    labels: [ledger], make: Gauge.init)

  // Finance.

  /// Differences between invoices and the books that were recorded.
  let reconciliationDifferences = MetricFamily(
    "daybook_reconciliation_differences_total", "Differences beyond tolerance between invoices and books, recorded.",
    labels: [ledger], make: Counter.init)

  // Requests.

  /// Requests answered.
  let httpRequests: MetricFamily<Counter>
  /// Time to answer.
  let httpDuration: MetricFamily<Histogram>
  /// Problems answered.
  let refusals: MetricFamily<Counter>

  private let process: ProcessMetrics
  /// Read when the metrics are; weak, as the server's handler holds these metrics.
  private let server = Mutex<WeakServer>(WeakServer(server: nil))

  private struct WeakServer {
    weak var server: HTTPServer?
  }

  /// Makes metrics whose labels know these operations and slugs of problems; anything else counts as `other`.
  init(
    operations: some Sequence<String> = AccessTable.endpoints.map(\.operationID),
    problems: some Sequence<String> = ProblemKind.allCases.map(\.rawValue),
    process: ProcessMetrics = ProcessMetrics()
  ) {
    let route = MetricLabel.closed("route", operations)
    httpRequests = MetricFamily(
      "daybook_http_requests_total", "Requests answered, by operation and class of status.",
      labels: [route, .closed("status_class", ["1xx", "2xx", "3xx", "4xx", "5xx"])], make: Counter.init)
    httpDuration = MetricFamily(
      "daybook_http_request_duration_seconds", "Time a handler took until its answer, streams up to their start.",
      labels: [route], make: { Histogram(.seconds, bounds: Self.durations) })
    refusals = MetricFamily(
      "daybook_refusals_total", "Requests refused, by the slug of the problem.",
      labels: [.closed("problem", problems)], make: Counter.init)
    self.process = process
  }

  /// Counts an answered request.
  ///
  /// `operation` is the endpoint's `operationID`; nil where none matched, counted as `other`.
  func answered(operation: String?, status: Int, took: Duration) {
    let route = operation ?? MetricLabel.other
    httpRequests[route, "\(status / 100)xx"].add()
    httpDuration[route].observe(took)
  }

  /// From now on the gauges of this server are among the metrics.
  func watch(_ server: HTTPServer) {
    self.server.withLock { $0.server = server }
  }

  private var serverGauges: [(name: String, help: String, value: Double)] {
    guard let server = server.withLock({ $0.server }) else { return [] }
    return [
      ("daybook_http_connections", "Open connections.", Double(server.openConnections)),
      (
        "daybook_http_requests_in_flight", "Requests being handled or answered, feeds included.",
        Double(server.requestsInFlight)
      ),
      (
        "daybook_http_body_bytes_in_flight", "Bytes of request bodies being read or handled.",
        Double(server.bodyBytesInFlight)
      ),
    ]
  }

  /// The text for Prometheus.
  func text() -> [UInt8] {
    var text = MetricText()
    text.add(appends)
    text.add(duplicates)
    text.add(appendDuration)
    text.add(batchEvents)
    text.add(queueEvents)
    text.add(logPosition)
    text.add(projectionLagPositions)
    text.add(projectionLagSeconds)
    text.add(projectionStopped)
    text.add(projectionDifferences)
    text.add(reconciliationFindings)
    text.add(checkpointPosition)
    text.add(cosignedPosition)
    text.add(notaryHalted)
    text.add(reconciliationDifferences)
    text.add(httpRequests)
    text.add(httpDuration)
    text.add(refusals)
    for (name, help, value) in serverGauges + process.gauges {
      text.head(name, "gauge", help)
      text.sample(name, [], value)
    }
    return text.bytes
  }
}

import Domain
import Postgres
import Synchronization

@testable import Projections

/// A database with a ledger, and what tests do to its books.
struct BookBench {
  let settings: ConnectionSettings
  let scribe: LedgerScribe
  let connection: Connection

  init(_ settings: ConnectionSettings, ledger: String = "main") throws {
    self.settings = settings
    connection = try Connection(settings)
    scribe = try LedgerScribe(connection, ledger: ledger)
  }

  /// Small batches, so that short histories need many.
  static let limits = ProjectorLimits(
    batch: 37, buildBatch: 113, poll: .milliseconds(50), patience: .milliseconds(400))

  /// Runs a projector while `body` runs.
  func posting<Value: Sendable>(
    _ catalogue: ProjectionCatalogue? = nil, limits: ProjectorLimits = BookBench.limits,
    reports: ReportBox = ReportBox(), isolation: isolated (any Actor)? = #isolation,
    _ body: () async throws -> Value
  ) async throws -> Value {
    let catalogue = try catalogue ?? ProjectionCatalogue.load()
    let runner = ProjectorRunner(settings, catalogue: catalogue, limits: limits) { reports.add($0) }
    let task = Task { try await runner.run() }
    do {
      let value = try await body()
      task.cancel()
      _ = await task.result
      return value
    } catch {
      task.cancel()
      throw PostingFailed(reason: error, outcome: await task.result, reports: reports.all)
    }
  }

  /// Waits until every book of every ledger stands at its head, or one is stopped.
  func settled(within limit: Duration = .seconds(120), isolation: isolated (any Actor)? = #isolation) async throws {
    try await eventually(within: limit) {
      let status = try BookStatus.read(connection)
      return status.count >= 11 && status.allSatisfy { $0.position == $0.head || $0.state == .stopped }
    }
  }

  func eventually(
    within limit: Duration = .seconds(60), isolation: isolated (any Actor)? = #isolation,
    _ condition: () async throws -> Bool
  ) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
      guard ContinuousClock.now < deadline else { throw TookTooLong(status: try BookStatus.read(connection)) }
      try await Task.sleep(for: .milliseconds(10))
    }
  }

  struct TookTooLong: Error {
    var status: [BookStatus] = []
  }

  /// What went wrong while a projector ran, with what it reported.
  struct PostingFailed: Error {
    var reason: any Error
    var outcome: Result<Void, any Error>
    var reports: [ProjectorReport]
  }

  /// The rows of an answer, as JSON.
  func rows(_ request: BookRequest) async throws -> [JSON] {
    let queries = try BookQueries(settings, catalogue: ProjectionCatalogue.load())
    let bytes = try await queries.bytes(request)
    await queries.close()
    return try JSON(parsing: bytes)["rows"]?.elements ?? []
  }
}

/// What a projector reported.
final class ReportBox: Sendable {
  private let reports = Mutex<[ProjectorReport]>([])
  func add(_ report: ProjectorReport) { reports.withLock { $0.append(report) } }
  var all: [ProjectorReport] { reports.withLock { $0 } }
}

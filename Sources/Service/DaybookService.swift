public import Control
import Domain
import Foundation
import HTTP
import Log
public import Postgres
import Projections

/// The API process: writers, feeds and the HTTP interface over one database.
public struct DaybookService: Sendable {
  /// How the service is set up.
  public struct Options: Sendable {
    /// Where the log is; the login must be able to take Daybook's roles.
    public var database: ConnectionSettings
    /// Address to bind.
    public var host = "127.0.0.1"
    /// Port to bind; 0 takes a free one.
    public var port = 7450
    /// PEM texts; both or none.
    public var tlsCertificate: String?
    /// PEM texts; both or none.
    public var tlsKey: String?
    /// Folders with projections besides those that ship.
    public var projectionFolders: [String] = []
    /// The models of the tiers of ledgers that are opened from here on, where nobody names others.
    public var tiers = Tiers.standard
    /// What a writer may hold.
    public var limits = WriterLimits()
    /// Between two records of what keys read.
    public var accessInterval: Duration = .seconds(60)
    /// How long accepted requests may take to finish when the service stops.
    public var shutdownBound: Duration = .seconds(10)

    /// Told, from any thread, what an operator should hear: snapshots of books that are damaged.
    public var report: @Sendable (String) -> Void = { _ in }

    /// The defaults.
    public init(database: ConnectionSettings) { self.database = database }
  }

  private let options: Options

  /// Prepares a service; nothing runs yet.
  public init(_ options: Options) { self.options = options }

  /// Runs until `stop` returns: accepted requests finish, new ones are refused, then everything closes.
  ///
  /// - Parameters:
  ///   - ready: Told the port once requests are answered.
  ///   - stop: Returns when it is time to stop.
  /// - Throws: what keeps the service from starting.
  public func run(ready: @Sendable (Int) throws -> Void, until stop: @Sendable () async -> Void) async throws {
    let catalogue = try ProjectionCatalogue.load(extraFolders: options.projectionFolders)
    let metrics = ServiceMetrics()
    let registry = LedgerRegistry(options.database, limits: options.limits, metrics: metrics)
    var reading = options.database
    reading.role = "daybook_auditor"
    reading.applicationName = "daybook reader"
    let readers = ConnectionPool(reading, size: 6)
    var asking = options.database
    asking.applicationName = "daybook books"
    let books = BookQueries(asking, catalogue: catalogue, report: options.report)
    let stopping = StoppingFlag()
    var status = options.database
    status.role = "daybook_auditor"
    status.applicationName = "daybook status"
    let statusPool = ConnectionPool(status, size: 1)
    let eraser = Eraser(registry)
    let recorder = AccessRecorder(registry, every: options.accessInterval)
    let api = API(
      registry: registry, readers: readers, books: books, statuses: BookStatuses(statusPool),
      comparisons: BookComparisons(options.database, books), metrics: metrics, stopping: stopping,
      tiers: options.tiers, eraser: eraser, recorder: recorder)
    let server = HTTPServer(
      configuration(), rejection: { reason in API.rejection(reason) }, handler: { await api.handle($0) })
    metrics.watch(server)
    let following = Task { await registry.follow() }
    let working = [
      Task { await eraser.run() }, Task { await recorder.run() },
      Task { await RerateRunner(registry, reading: reading).run() },
    ]
    do {
      try await warm(registry)
      let port = try server.start()
      try ready(port)
    } catch {
      following.cancel()
      for task in working { task.cancel() }
      await registry.close()
      throw error
    }
    await stop()
    stopping.set()
    await server.stop(within: options.shutdownBound)
    following.cancel()
    await following.value
    for task in working {
      task.cancel()
      await task.value
    }
    // The last reads are on record before the writers close.
    await recorder.flush()
    await registry.close()
    await readers.close()
    await books.close()
    await statusPool.close()
  }

  /// Reads both standing ledgers before the first request, so that none waits for it; the rest follows when asked for.
  private func warm(_ registry: LedgerRegistry) async throws {
    for ledger in ["system", "main"] {
      let writer = try registry.writer(ledger)
      _ = try await writer.look { $0.position }
    }
  }

  private func configuration() -> HTTPServer.Configuration {
    var configuration = HTTPServer.Configuration()
    configuration.host = options.host
    configuration.port = options.port
    configuration.tlsCertificate = options.tlsCertificate
    configuration.tlsKey = options.tlsKey
    return configuration
  }
}

import Dispatch
import Foundation
import Log
public import Postgres

/// A Postgres for tests, in a folder of its own under the temporary folder.
///
/// It is gone when the test process is gone, whatever ended it: see ``Watchdog``.
public final class TestCluster: Sendable {
  /// The one of this test process: every test has its own database in it.
  public static let shared = TestCluster(options: .forTests)

  /// A further one, for tests that stop, kill or fill their server. Nothing else runs in it.
  ///
  /// `.durable` options make it behave as in production, fsync included.
  public static func own(options: PrivateClusterOptions = .forTests) -> TestCluster { TestCluster(options: options) }

  /// The server: start, stop and kill it here.
  public let cluster: PrivateCluster
  private let watchdog: Watchdog
  private static let template = "daybook_template"

  private init(options: PrivateClusterOptions) {
    let name = "daybook-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    let folder = URL(fileURLWithPath: "/tmp").appendingPathComponent(name).path
    cluster = PrivateCluster(folder: folder, options: options)
    watchdog = Watchdog(folder: folder)
    do {
      try cluster.start()
      try cluster.createDatabase(named: Self.template)
      let connection = try Connection(cluster.settings(database: Self.template))
      try Migrator.migrate(connection)
      connection.close()
    } catch {
      fatalError("the cluster for tests does not start: \(error)")
    }
  }

  /// Stops the server and removes its folder; nothing can be done with it afterwards.
  public func remove() { watchdog.release() }

  /// Makes a database with the schema of the log, hands it to `body`, and drops it, whoever is still in it.
  ///
  /// The settings are the superuser's; set `role` to act as one of Daybook's.
  public func withDatabase<Value>(
    isolation: isolated (any Actor)? = #isolation,
    _ body: (ConnectionSettings) async throws -> Value
  ) async throws -> Value {
    let name = "test_\(UInt64.random(in: 0...UInt64.max))"
    try await Self.offTheCooperativePool { [self] in
      try cluster.createDatabase(named: name, template: Self.template)
      // A copy has the template's objects with their grants, but not the grants on the database itself.
      try Migrator.migrate(Connection(settings(database: name)))
    }
    let outcome: Result<Value, any Error>
    do { outcome = .success(try await body(settings(database: name))) } catch { outcome = .failure(error) }
    // A test may have stopped the server: then there is nothing to drop.
    try? await Self.offTheCooperativePool { [cluster] in try cluster.dropDatabase(named: name) }
    return try outcome.get()
  }

  /// Hands over a copy of a database as it is now: what a backup of this moment would restore.
  public func withBackup<Value>(
    of settings: ConnectionSettings, isolation: isolated (any Actor)? = #isolation,
    _ body: (ConnectionSettings) async throws -> Value
  ) async throws -> Value {
    let name = "backup_\(UInt64.random(in: 0...UInt64.max))"
    try await Self.offTheCooperativePool { [self] in
      let connection = try Connection(settings)
      let original = try connection.execute("SELECT current_database()::text").string(0, 0)
      connection.close()
      // A database can be copied only while nobody is in it.
      let cleaner = try Connection(self.settings())
      defer { cleaner.close() }
      _ = try cleaner.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", [.text(original)])
      var attempt = 0
      while true {
        do {
          try cluster.createDatabase(named: name, template: original)
          break
        } catch  where attempt < 50 {
          attempt += 1
          usleep(100_000)
        }
      }
      try Migrator.migrate(Connection(self.settings(database: name)))
    }
    let outcome: Result<Value, any Error>
    do { outcome = .success(try await body(self.settings(database: name))) } catch { outcome = .failure(error) }
    try? await Self.offTheCooperativePool { [cluster] in try cluster.dropDatabase(named: name) }
    return try outcome.get()
  }

  /// An empty database without any schema, for tests of the migrator.
  public func withEmptyDatabase<Value>(
    isolation: isolated (any Actor)? = #isolation,
    _ body: (ConnectionSettings) async throws -> Value
  ) async throws -> Value {
    let name = "test_\(UInt64.random(in: 0...UInt64.max))"
    try await Self.offTheCooperativePool { [cluster] in try cluster.createDatabase(named: name) }
    let outcome: Result<Value, any Error>
    do { outcome = .success(try await body(settings(database: name))) } catch { outcome = .failure(error) }
    try? await Self.offTheCooperativePool { [cluster] in try cluster.dropDatabase(named: name) }
    return try outcome.get()
  }

  /// How to connect to one of its databases; patient, as machines that run tests are busy.
  public func settings(database: String = "postgres") -> ConnectionSettings {
    var settings = cluster.settings(database: database)
    settings.connectTimeout = .seconds(60)
    return settings
  }

  /// Runs what blocks where blocking is fine.
  @discardableResult
  private static func offTheCooperativePool<Value: Sendable>(
    _ work: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(with: Result { try work() }) }
    }
  }
}

/// A database of its own in the shared cluster, with the schema of the log; dropped afterwards.
public func withDatabase<Value>(
  isolation: isolated (any Actor)? = #isolation,
  _ body: (ConnectionSettings) async throws -> Value
) async throws -> Value { try await TestCluster.shared.withDatabase(isolation: isolation, body) }

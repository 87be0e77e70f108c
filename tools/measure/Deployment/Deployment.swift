import DaybookClient
import Domain
import Foundation
import Lifecycle
import Log
import Postgres
import Service

/// A private, durable Postgres with production settings, and the real processes over it.
final class Deployment: Sendable {
  let settings: Settings
  let cluster: PrivateCluster
  let api: Process
  let projector: Process
  /// Runs only where signing is measured.
  let notary: Process

  private init(_ settings: Settings, _ cluster: PrivateCluster, _ environment: [String: String]) {
    self.settings = settings
    self.cluster = cluster
    api = Process(
      "api", settings.daybook, ["serve", "--port", "0", "--ready-file", "\(settings.folder)/serve.json"], environment)
    projector = Process("projector", settings.daybook, ["project"], environment)
    notary = Process("notary", settings.daybook, ["notary", "--data", "\(settings.folder)/notary"], environment)
  }

  private static let database = "daybook"
  private var keyFile: String { "\(settings.folder)/admin.key" }
  var connectionSettings: ConnectionSettings {
    ConnectionSettings(url: cluster.settings(database: Self.database).url, applicationName: "daybook bench")
  }

  /// Makes everything but the projector, which starts when it is measured.
  static func start(_ settings: Settings) async throws -> Deployment {
    let cluster = PrivateCluster(folder: "\(settings.folder)/postgres")
    try cluster.start()
    try cluster.createDatabase(named: database)
    var environment = ProcessInfo.processInfo.environment
    environment["DAYBOOK_DATABASE_URL"] = cluster.settings(database: database).url
    environment["DAYBOOK_BOOK_SNAPSHOT_INTERVAL"] =
      environment["DAYBOOK_BOOK_SNAPSHOT_INTERVAL"] ?? String(settings.snapshotInterval)
    let deployment = Deployment(settings, cluster, environment)
    let connection = try deployment.connect()
    _ = try Migrator.migrate(connection)
    connection.close()
    var bootstrap = Bootstrap()
    bootstrap.prices = Completions.prices
    try await bootstrap.run(deployment.connectionSettings) { try AtomicFile.write($0, to: deployment.keyFile) }
    deployment.api.start()
    try await deployment.untilReady()
    return deployment
  }

  /// A connection as the superuser.
  func connect() throws -> Connection {
    let connection = try Connection(connectionSettings)
    connection.callTimeout = .seconds(600)
    return connection
  }

  /// Key and address, once the API has written its ready file.
  func address() throws -> (url: String, key: String) {
    guard let text = AtomicFile.read("\(settings.folder)/serve.json"),
      let record = try? JSON(parsing: Array(text.utf8)),
      let port = record["port"]?.integer, let key = AtomicFile.read(keyFile)
    else { throw MeasureError("the api is not ready") }
    return ("http://127.0.0.1:\(port)", key)
  }

  func client(ledger: String = "main") throws -> Daybook {
    let (url, key) = try address()
    return try Daybook(url: url, key: key, ledger: ledger, configuration: .init(source: Completions.source))
  }

  /// The same with another key.
  func client(key: String) throws -> Daybook {
    try Daybook(url: try address().url, key: key, configuration: .init(source: Completions.source))
  }

  private func untilReady() async throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while true {
      if let client = try? client(), (try? await client.prices()) != nil { return }
      guard ContinuousClock.now < deadline else { throw MeasureError("the api does not answer") }
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  /// Ends processes and Postgres.
  func stop() async throws {
    await notary.stop()
    await projector.stop()
    await api.stop()
    try cluster.stop()
  }

  /// Where its socket is, and what else programs of Postgres must know.
  var postgresArguments: [String] {
    let parts = URLComponents(string: connectionSettings.url)
    let host = parts?.queryItems?.first { $0.name == "host" }?.value ?? ""
    return ["-h", host, "-U", PrivateCluster.user]
  }
  var databaseName: String { Self.database }
}

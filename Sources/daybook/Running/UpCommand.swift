import Control
import DaybookClient
import Domain
@preconcurrency import Glibc
import Lifecycle
import Log
import Postgres
import Projections
import Service

/// `daybook up`: everything on one machine.
struct UpCommand: Sendable {
  private static let databaseName = "daybook"
  /// Longest time that the API and the projectors may take to answer after their start.
  private static let readyBound: Duration = .seconds(120)
  /// The API ends within 13 s of its parent.
  private static let leftoverBound: Duration = .seconds(16)

  let invocation: Invocation
  let folder: DataFolder
  let listening: Listening
  let demo: DemoTrace?
  /// The models of the tiers, for ledgers that are opened.
  private let tiers: Tiers
  private let projectors: Int64

  static func run(_ invocation: Invocation) async throws -> ExitCode {
    let up = try UpCommand(invocation)
    // Postgres writes a checkpoint when it stops, which may take long; the parts inside have shorter bounds.
    let bounds = PartGroup.Bounds(graceful: .seconds(90), forced: .seconds(10))
    let whole = ClosurePart("daybook") { try await up.run($0) }
    try await PartGroup([whole], bounds: bounds, reportsFailures: false, report: up.report).run()
    Console.tell("Stopped.")
    return .done
  }

  private init(_ invocation: Invocation) throws {
    self.invocation = invocation
    folder = invocation.dataFolder
    var listening = try Listening(invocation)
    // A part that is started again must come back at the same port.
    if listening.port == 0, let port = FreePort.find() { listening.port = port }
    self.listening = listening
    projectors = try invocation.integer("--projectors", in: 1...16) ?? 1
    _ = try invocation.bookSnapshotInterval()
    tiers = try invocation.tiers()
    demo = try invocation.has("--demo") ? DemoTrace(invocation) : nil
    _ = try NotarySetup.read(invocation, database: ConnectionSettings(url: ""))
    // A mistake in a projection should be told now and not by processes that keep dying.
    _ = try ProjectionCatalogue.load(extraFolders: invocation.all("--projections"))
  }

  private var report: PartGroup.Report { { Console.tell("daybook: \($0)") } }

  private func run(_ shutdown: GracefulShutdown) async throws {
    try folder.make()
    let lock = try folder.lock()
    defer { withExtendedLifetime(lock) {} }
    try await waitForPort(shutdown)
    if shutdown.isRequested { return }
    removeReadyFiles()
    defer { removeReadyFiles() }
    guard let given = invocation["--database-url"] else { return try await runPrivately(shutdown) }
    try await run(on: given, keeping: nil, shutdown)
  }

  /// Runs on a Postgres in the data folder, which starts before everything else and stops after it.
  /// Fails where somebody else listens at our port; the API of a copy that was killed gets the time that it needs to end.
  private func waitForPort(_ shutdown: GracefulShutdown) async throws {
    let deadline = ContinuousClock.now + Self.leftoverBound
    while FreePort.isTaken(listening.host, listening.port) {
      // It removes the file when it ends.
      guard access(folder.path("serve.json"), F_OK) == 0, ContinuousClock.now < deadline else {
        throw LifecycleError(
          .portTaken, "somebody listens at \(listening.host) port \(listening.port) already: give another --port")
      }
      if await shutdown.isRequested(within: .milliseconds(100)) { return }
    }
  }

  /// A script that waits for the file must not find the one of a copy that ran before and was killed.
  private func removeReadyFiles() {
    AtomicFile.remove(folder.readyFile)
    if let file = invocation["--ready-file"] { AtomicFile.remove(file) }
  }

  private func runPrivately(_ shutdown: GracefulShutdown) async throws {
    let cluster = PrivateCluster(folder: folder.path("postgres"))
    if !cluster.isInitialized { Console.tell("Making a Postgres in \(folder.path)") }
    try await blocking { try cluster.start() }
    var failure: (any Error)?
    do {
      _ = try await blocking { try cluster.createDatabase(named: Self.databaseName) }
      try await run(on: cluster.settings(database: Self.databaseName).url, keeping: cluster, shutdown)
    } catch { failure = error }
    do { try await blocking { try cluster.stop() } } catch { failure = failure ?? error }
    if let failure { throw failure }
  }

  private func run(on database: String, keeping cluster: PrivateCluster?, _ shutdown: GracefulShutdown) async throws {
    let isKeyNew = try await prepare(database)
    if shutdown.isRequested { return }
    let serveFile = folder.path("serve.json")
    AtomicFile.remove(serveFile)
    var parts: [any Part] = [
      Supervisor(children(database, serveFile: serveFile), report: report),
      ClosurePart("front") { shutdown in
        try await self.greet(
          database: cluster == nil ? nil : database, serveFile: serveFile, isKeyNew: isKeyNew, shutdown)
      },
    ]
    if let cluster { parts.append(ClusterKeeper(cluster: cluster, report: report)) }
    try await PartGroup(
      parts, bounds: .init(graceful: .seconds(25), forced: .seconds(5)), handlesSignals: false, report: report
    ).run(shutdown)
  }

  /// Schema, ledgers, first owner and key. Answers whether the key was made now.
  private func prepare(_ database: String) async throws -> Bool {
    let settings = ConnectionSettings(url: database, applicationName: "daybook up")
    let applied = try await blocking {
      let connection = try Connection(settings)
      defer { connection.close() }
      return try Migrator.migrate(connection).map(\.label)
    }
    if !applied.isEmpty { Console.tell("Applied the schema (\(applied.count) steps)") }
    var bootstrap = Bootstrap()
    if let owner = invocation["--owner"] { bootstrap.ownerID = owner }
    if let name = invocation["--owner-name"] { bootstrap.ownerName = name }
    if let zone = invocation["--time-zone"] { bootstrap.timeZone = zone }
    if let currency = invocation["--currency"] { bootstrap.currency = currency }
    bootstrap.tiers = tiers
    if demo != nil {
      bootstrap.prices = DemoPrices.all
      bootstrap.changes = DemoDefaults.changes(tiers: tiers, now: Timestamp.now())
    }
    let keyFile = folder.adminKeyFile
    return try await bootstrap.run(settings) { try AtomicFile.write($0 + "\n", to: keyFile) }
  }

  private func children(_ database: String, serveFile: String) -> [ChildSpecification] {
    var environment = invocation.environment
    // Not in the arguments, which everybody on the machine can read: it may hold a password.
    environment["DAYBOOK_DATABASE_URL"] = database
    environment["DAYBOOK_KEY"] = nil
    let shared =
      ["--parent-fd", String(ChildSpecification.parentDescriptor)]
      + invocation.all("--projections").flatMap { ["--projections", $0] }
    var serve = ["serve", "--host", listening.host, "--port", String(listening.port), "--ready-file", serveFile]
    for option in ["--tls-cert", "--tls-key"] { if let file = invocation[option] { serve += [option, file] } }
    if invocation.has("--insecure-bind") { serve.append("--insecure-bind") }
    serve += NotarySetup.arguments(invocation)
    let executable = ProcessIdentity.executable
    return [
      ChildSpecification(name: "api", executable: executable, arguments: serve + shared, environment: environment)
    ]
      + (1...projectors).map { number in
        ChildSpecification(
          name: number == 1 ? "projector" : "projector \(number)", executable: executable,
          arguments: ["project"] + shared
            + (invocation["--book-snapshot-interval"].map { ["--book-snapshot-interval", $0] } ?? []),
          environment: environment)
      }
  }

  /// Waits until everything answers, imports the demo, tells people and scripts where to look, and waits for the end.
  private func greet(
    database: String?, serveFile: String, isKeyNew: Bool, _ shutdown: GracefulShutdown
  ) async throws {
    let readiness = Readiness(serveFile: serveFile, listening: listening)
    guard let url = try await readiness.wait(Self.readyBound, shutdown) else { return }
    let hasKey = access(folder.adminKeyFile, R_OK) == 0
    let record = ReadyRecord(
      url: url, ledger: "main", adminKeyFile: hasKey ? folder.adminKeyFile : nil, pid: ProcessIdentity.current,
      databaseURL: database)
    try record.write(to: folder.readyFile)
    var totals: String?
    if let demo {
      let importer = try DemoImport(
        demo, tiers: tiers, url: url, keyFile: folder.adminKeyFile, invocation.environment)
      guard let shown = try await importer.run(shutdown) else { return }
      totals = shown
    }
    Console.write(Array(Greeting(self, record, totals: totals, isKeyNew: isKeyNew).text.utf8))
    // Last: a script that waits for the file may read what was printed, or stop everything at once.
    if let file = invocation["--ready-file"] {
      var told = record
      told.databaseURL = nil
      try told.write(to: file)
    }
    await shutdown.requested()
    Console.tell("Stopping")
  }
}

import Domain
import Lifecycle
import Notary
import Postgres
import Service

/// `daybook serve`: the API process.
enum ServeCommand {
  static func run(_ invocation: Invocation) async throws -> ExitCode {
    let listening = try Listening(invocation)
    var options = DaybookService.Options(
      database: ConnectionSettings(url: try invocation.database(), applicationName: "daybook serve"))
    options.host = listening.host
    options.port = listening.port
    options.tlsCertificate = listening.tls?.certificate
    options.tlsKey = listening.tls?.key
    options.tiers = try invocation.tiers()
    options.projectionFolders = invocation.all("--projections")
    options.report = { Console.tell("api: \($0)") }
    let service = DaybookService(options)
    let readyFile = invocation["--ready-file"]
    let isSupervised = invocation["--parent-fd"] != nil
    let database = options.database
    let notary = try notary(invocation, database)
    let api = ClosurePart("api") { shutdown in
      if isSupervised { try await waitForDatabase(database, shutdown) }
      if shutdown.isRequested { return }
      // Before anything is appended: an older backup must not grow on. What keeps it from looking is told by its part.
      try? await notary?.prepare()
      try await service.run(
        ready: { port in
          let record = JSON.object(["port": .integer(Int64(port)), "pid": .integer(Int64(ProcessIdentity.current))])
          if let readyFile {
            try AtomicFile.write(String(decoding: record.canonical, as: UTF8.self) + "\n", to: readyFile)
          }
          if !isSupervised { Console.tell("api: answering at \(listening.url(port: port))") }
        },
        until: { await shutdown.requested() })
    }
    defer { if let readyFile { AtomicFile.remove(readyFile) } }
    let signing = notary.map { [NotarySetup.part($0)] } ?? []
    try await PartGroup(
      [api] + signing + ParentWatch.parts(invocation), bounds: .init(graceful: .seconds(13), forced: .seconds(1)),
      reportsFailures: false,
      report: { Console.tell("api: \($0)") }
    ).run()
    return .done
  }
}

extension ServeCommand {
  private static func notary(_ invocation: Invocation, _ database: ConnectionSettings) throws -> NotaryRunner? {
    let options = try NotarySetup.read(invocation, database: database)
    // Without a word of where, several services with a database each would share one folder.
    let isPlaced = ["--data", "--notary-key", "--checkpoints"].contains { invocation[$0] != nil }
    if !isPlaced || invocation.has("--no-notary") { return nil }
    return NotaryRunner(options) { Console.tell("notary: \($0)") }
  }

  /// How long a Postgres may take to recover after a crash before that counts as a failure of ours.
  private static let databaseBound: Duration = .seconds(600)

  /// Waits for a database that is starting: beside a supervisor it was there a moment ago, and dying again and again until
  /// it is back would only make the supervisor give up.
  private static func waitForDatabase(_ settings: ConnectionSettings, _ shutdown: GracefulShutdown) async throws {
    let deadline = ContinuousClock.now + databaseBound
    var isTold = false
    while !shutdown.isRequested {
      do {
        return try await blocking { try Connection(settings).close() }
      } catch let error as PostgresError where error.code == .connectFailed && ContinuousClock.now < deadline {
        if !isTold { Console.tell("api: waiting for the database") }
        isTold = true
        _ = await shutdown.isRequested(within: .milliseconds(250))
      }
    }
  }
}

extension ParentWatch {
  /// A watch of the process that started this one, where it asked for that.
  static func parts(_ invocation: Invocation) throws -> [any Part] {
    guard let descriptor = try invocation.integer("--parent-fd", in: 3...1_000_000) else { return [] }
    return [ParentWatch(descriptor: Int32(descriptor), report: { Console.tell("\(invocation.command.name): \($0)") })]
  }
}

import Archive
import Exports
import Integrity
import Lifecycle
import Postgres

/// `daybook archive`.
enum ArchiveCommand {
  static func run(_ invocation: Invocation) async throws -> ExitCode {
    let folder = try invocation.required("--to")
    let every = try invocation.integer("--every", in: 1...3600) ?? 10
    let settings = ConnectionSettings(
      url: try invocation.database(), role: "daybook_auditor", applicationName: "daybook archive")
    let follows = invocation.has("--follow")
    let part = ClosurePart("archive") { shutdown in
      try await blocking { try archive(invocation, settings, folder, shutdown) }
      while follows && !shutdown.isRequested {
        for _ in 0..<(every * 10) where !shutdown.isRequested { try? await Task.sleep(for: .milliseconds(100)) }
        if shutdown.isRequested { break }
        do { try await blocking { try archive(invocation, settings, folder, shutdown) } } catch let error
          as PostgresError
        {
          Console.tell("archive: the database is away (\(error)); it is tried again")
        }
      }
    }
    try await PartGroup(
      [part], bounds: .init(graceful: .seconds(60), forced: .seconds(1)), reportsFailures: false,
      report: { Console.tell("archive: \($0)") }
    ).run()
    return .done
  }

  /// Opens the folder, brings it up to date, and tells how far it is where anything came.
  private static func archive(
    _ invocation: Invocation, _ settings: ConnectionSettings, _ folder: String, _ shutdown: GracefulShutdown
  ) throws {
    let connection = try Connection(settings)
    defer { connection.close() }
    connection.callTimeout = nil
    let origin = try LogArchiver.origin(connection, ledger: invocation.ledger)
    let signer = try ArchiveKey.signer(invocation, origin: origin)
    var form = ArchiveWriter.Form()
    if let events = try invocation.integer("--segment-events", in: 1...(1 << 20)) { form.events = events }
    let archiver = try LogArchiver(
      connection, ledger: invocation.ledger, folder: folder, origin: origin, form: form, signer: signer)
    let bar = ProgressBar("Archiving \(invocation.ledger)", environment: invocation.environment)
    let count: Int64
    do {
      defer { bar.finish() }
      count = try archiver.run { bar.update($0, of: $1) }
    }
    if count > 0 || !invocation.has("--follow") { ExportCommand.show(archiver.contents, folder, signer.key) }
  }
}

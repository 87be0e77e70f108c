import Archive
import Exports
import Glibc
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
      repeat {
        do {
          try await blocking { try archive(invocation, settings, folder, follows ? every : nil, shutdown) }
        } catch let error as PostgresError where follows {
          Console.tell("archive: the database is away (\(error)); it is tried again")
          pause(every, shutdown)
        }
      } while follows && !shutdown.isRequested
    }
    try await PartGroup(
      [part], bounds: .init(graceful: .seconds(60), forced: .seconds(1)), reportsFailures: false,
      report: { Console.tell("archive: \($0)") }
    ).run()
    return .done
  }

  /// Opens the folder and brings it up to date, again and again where a number of seconds is given.
  private static func archive(
    _ invocation: Invocation, _ settings: ConnectionSettings, _ folder: String, _ every: Int64?,
    _ shutdown: GracefulShutdown
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
    var isFirst = true
    while isFirst || (every != nil && !shutdown.isRequested) {
      let bar = ProgressBar("Archiving \(invocation.ledger)", environment: invocation.environment)
      let count: Int64
      do {
        defer { bar.finish() }
        count = try archiver.run { bar.update($0, of: $1) }
      }
      if count > 0 || isFirst { ExportCommand.show(archiver.contents, folder, signer.key) }
      isFirst = false
      if let every { pause(every, shutdown) }
    }
  }

  /// Waits on a thread of its own, no longer than until the end is asked for.
  private static func pause(_ seconds: Int64, _ shutdown: GracefulShutdown) {
    for _ in 0..<(seconds * 10) where !shutdown.isRequested { usleep(100_000) }
  }
}

import Archive
import Exports
import Glibc
import Integrity
import Lifecycle
import Postgres
import Synchronization

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
          try await archive(invocation, settings, folder, follows ? every : nil, shutdown)
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

  /// Opens the folder and brings it up to date, again and again where a number of seconds is given. What it took is on
  /// record about once a minute, as every reading of a log is.
  private static func archive(
    _ invocation: Invocation, _ settings: ConnectionSettings, _ folder: String, _ every: Int64?,
    _ shutdown: GracefulShutdown
  ) async throws {
    let taken = Taken()
    repeat {
      let outcome: Result<Void, any Error>
      do {
        try await blocking {
          try pass(invocation, settings, folder, every, shutdown, taken)
        }
        outcome = .success(())
      } catch { outcome = .failure(error) }
      let read = taken.take()
      await DirectRecord.note(
        "archive", invocation, database: try invocation.database(), records: read.records,
        range: (read.last - read.records + 1, read.last))
      try outcome.get()
    } while every != nil && !shutdown.isRequested
  }

  /// What was taken since the last record.
  private final class Taken: Sendable {
    private let taken = Mutex<(records: Int64, last: Int64)>((0, 0))

    func add(_ count: Int64, upTo last: Int64) { taken.withLock { $0 = ($0.records + count, last) } }

    func take() -> (records: Int64, last: Int64) {
      taken.withLock { taken in
        defer { taken = (0, 0) }
        return taken
      }
    }
  }

  /// Brings the folder up to date once, or for a minute.
  private static func pass(
    _ invocation: Invocation, _ settings: ConnectionSettings, _ folder: String, _ every: Int64?,
    _ shutdown: GracefulShutdown, _ taken: Taken
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
    let end = ContinuousClock.now + .seconds(60)
    var isFirst = true
    while isFirst || (every != nil && !shutdown.isRequested && ContinuousClock.now < end) {
      let bar = ProgressBar("Archiving \(invocation.ledger)", environment: invocation.environment)
      let count: Int64
      do {
        defer { bar.finish() }
        count = try archiver.run { bar.update($0, of: $1) }
      }
      taken.add(count, upTo: archiver.position)
      if count > 0 || (isFirst && every == nil) { ExportCommand.show(archiver.contents, folder, signer.key) }
      isFirst = false
      if let every { pause(every, shutdown) }
    }
  }

  /// Waits on a thread of its own, no longer than until the end is asked for.
  private static func pause(_ seconds: Int64, _ shutdown: GracefulShutdown) {
    for _ in 0..<(seconds * 10) where !shutdown.isRequested { usleep(100_000) }
  }
}

import Domain
import Lifecycle
import Postgres
import Projections

/// `daybook project`: a projector process.
enum ProjectCommand {
  static func run(_ invocation: Invocation) async throws -> ExitCode {
    let catalogue = try ProjectionCatalogue.load(extraFolders: invocation.all("--projections"))
    let settings = ConnectionSettings(
      url: try invocation.database(), role: "daybook_projector", applicationName: "daybook project")
    var limits = ProjectorLimits()
    limits.snapshotInterval = try invocation.bookSnapshotInterval()
    let runner = ProjectorRunner(
      settings, catalogue: catalogue, limits: limits, report: { Console.tell("projector: \(text($0))") })
    let projector = ClosurePart("projector") { shutdown in
      // A batch is a transaction: cancelling between batches, or rolling one back, loses nothing.
      let posting = Task { try await runner.run() }
      let stopping = Task {
        await shutdown.requested()
        posting.cancel()
      }
      defer { stopping.cancel() }
      do {
        try await withTaskCancellationHandler {
          try await posting.value
        } onCancel: {
          posting.cancel()
        }
      } catch  where shutdown.isRequested && (error is CancellationError || Task.isCancelled) {}
    }
    try await PartGroup(
      [projector] + ParentWatch.parts(invocation), bounds: .init(graceful: .seconds(10), forced: .seconds(1)),
      reportsFailures: false,
      report: { Console.tell("projector: \($0)") }
    ).run()
    return .done
  }

  static let snapshotInterval = OptionDescription.value(
    "--book-snapshot-interval", "N",
    "Positions between two snapshots of a book, which replays start from; 0 takes none.",
    environment: "DAYBOOK_BOOK_SNAPSHOT_INTERVAL", usual: "250000")

  /// What a projector has to say, for people.
  static func text(_ report: ProjectorReport) -> String {
    switch report {
    case .stopped(let projection, let ledger, let fault):
      """
      \(projection) of \(ledger) STOPPED at position \(fault.position): \(fault.message) [\(fault.sqlState)]. \
      It waits there; `daybook skip` goes past the event
      """
    case .resumed(let projection, let ledger): "\(projection) of \(ledger) goes on"
    case .lockDenied(let projection, let ledger, let seconds):
      "\(projection) of \(ledger) has been held by another projector for \(seconds) s"
    case .disconnected(let message, let milliseconds):
      "the database is away (\(message)); next try in \(milliseconds) ms"
    case .building(let projection, let progress):
      "building \(projection): \(progress.phase.rawValue), \(progress.posted) of \(Count(progress.total, "event"))"
    case .live(let projection, let version): "\(projection) version \(version) is live"
    case .notice(let text): text
    }
  }
}

extension Invocation {
  /// Positions between two snapshots of a book.
  func bookSnapshotInterval() throws(UsageError) -> Int64 {
    try integer("--book-snapshot-interval", in: 0...1_000_000_000_000) ?? ProjectorLimits().snapshotInterval
  }
}

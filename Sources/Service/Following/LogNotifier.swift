import Foundation
public import Postgres
import Synchronization

/// Says on the channel that logs have grown: after the commit, outside it (inside, it is a global lock on commits), and at most
/// once a round however many batches were committed meanwhile.
public actor LogNotifier {
  private let settings: ConnectionSettings
  private let executor = QueueExecutor(label: "daybook.notifier")
  private var connection: Connection?
  private nonisolated let pending = Mutex<(positions: [String: Int64], isScheduled: Bool)>(([:], false))

  /// Runs on its own queue, as its calls block.
  public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// Makes a notifier.
  public init(_ settings: ConnectionSettings) {
    var own = settings
    own.role = "daybook_writer"
    own.applicationName = "daybook notifier"
    self.settings = own
  }

  /// Notes a new head; returns at once.
  public nonisolated func announce(_ ledger: String, _ position: Int64) {
    let isFirst = pending.withLock { pending in
      pending.positions[ledger] = max(position, pending.positions[ledger] ?? 0)
      defer { pending.isScheduled = true }
      return !pending.isScheduled
    }
    if isFirst { Task { await send() } }
  }

  private func send() {
    while true {
      let positions = pending.withLock { pending in
        let positions = pending.positions
        pending.positions = [:]
        if positions.isEmpty { pending.isScheduled = false }
        return positions
      }
      if positions.isEmpty { return }
      do {
        let open = try connection ?? Connection(settings)
        connection = open
        open.callTimeout = .seconds(2)
        for (ledger, position) in positions {
          try open.execute("SELECT pg_notify($1, $2)", [.text(LogFollower.channel), .text("\(ledger) \(position)")])
        }
        // The first of a burst goes out at once; the rest are gathered.
        Thread.sleep(forTimeInterval: 0.01)
      } catch {
        // A lost notification only delays: readers also ask by themselves.
        connection = nil
      }
    }
  }
}

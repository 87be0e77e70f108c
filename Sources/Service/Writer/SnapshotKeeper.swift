import Control
import Log
import Postgres

/// Keeps snapshots of a ledger's control state beside its writer: on a queue and a connection of its own, from a copy of the
/// state that costs the writer nothing, so that no batch waits for one. It takes what processor time others leave.
actor SnapshotKeeper {
  private let settings: ConnectionSettings
  private let executor: QueueExecutor

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// - Parameter settings: The writer's own.
  init(_ settings: ConnectionSettings, ledger: String) {
    var own = settings
    own.applicationName = "daybook snapshots \(ledger)"
    self.settings = own
    executor = QueueExecutor(label: "daybook.snapshots.\(ledger)", isBackground: true)
  }

  /// Keeps a merged state. Where it cannot be kept nothing is lost: the next start folds more of the log.
  func keep(_ state: consuming ControlState) {
    guard let connection = try? Connection(settings) else { return }
    defer { connection.close() }
    connection.callTimeout = .seconds(30)
    _ = try? ControlSnapshot.keep(state, connection)
  }
}

import Domain
import Log
import Synchronization

/// Carries out what the logs say is erased and a commit did not come to: the rest of large erasures, and those of a process
/// that ended in between. At the start every erasure is looked at again.
final class Eraser: Sendable {
  /// Between two looks at the logs.
  static let interval = Duration.milliseconds(500)

  private let registry: LedgerRegistry
  /// Every erasure of a ledger up to here is carried out.
  private let done = Mutex<[String: Int64]>([:])

  init(_ registry: LedgerRegistry) { self.registry = registry }

  /// The last erasure of a ledger that this process knows to be carried out, with all before it; 0 for none.
  func position(of ledger: String) -> Int64 { done.withLock { $0[ledger] ?? 0 } }

  /// Works until cancelled. Where the database is away it is tried again: the log remembers.
  func run() async {
    while !Task.isCancelled {
      let isIdle = (try? await round()) ?? true
      if isIdle { try? await Task.sleep(for: Self.interval) }
    }
  }

  /// Carries out what is new in every ledger.
  ///
  /// - Returns: true where there was nothing.
  private func round() async throws -> Bool {
    var isIdle = true
    for ledger in try await registry.withConnection({ try LedgerRows.names($0) }) {
      let after = position(of: ledger)
      let erasures = try await registry.withConnection {
        try PendingErasures.positions($0, ledger: ledger, after: after)
      }
      for erasure in erasures {
        if Task.isCancelled { return true }
        isIdle = false
        try await registry.withConnection {
          _ = try PendingErasures.carryOut($0, ledger: ledger, erasure: erasure)
        }
        done.withLock { $0[ledger] = erasure }
      }
    }
    return isIdle
  }
}

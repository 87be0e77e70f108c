import Synchronization

/// The heads of all ledgers as last read from the database, and those who wait for them to move.
public final class HeadBoard: Sendable {
  /// A head and when it was asked for.
  public struct Head: Sendable, Equatable {
    /// The last position; 0 for an empty log.
    public var position: Int64
    /// Taken before the database was asked, so the head is never older than this says.
    public var readAt: ContinuousClock.Instant
  }

  private struct State {
    var heads: [String: Head] = [:]
    var waiters: [UInt64: Waiter] = [:]
    /// Not registered yet; who is woken here is taken out, and its wait is over before it began.
    var coming: Set<UInt64> = []
    var nextWaiter: UInt64 = 0
  }
  private struct Waiter {
    var ledger: String
    var position: Int64
    var continuation: CheckedContinuation<Void, Never>
  }

  private let state = Mutex(State())

  /// An empty board.
  public init() {}

  /// The head of a ledger, if it was ever read.
  public func head(of ledger: String) -> Head? { state.withLock { $0.heads[ledger] } }

  /// How many wait, or are about to.
  var waiting: Int { state.withLock { $0.waiters.count + $0.coming.count } }

  /// All heads.
  public var heads: [String: Head] { state.withLock { $0.heads } }

  /// Notes what the database said, or what a commit made true; wakes who waited for it. A head never goes back.
  func note(_ positions: [String: Int64], readAt: ContinuousClock.Instant) {
    let woken = state.withLock { state in
      for (ledger, position) in positions {
        let known = state.heads[ledger]
        state.heads[ledger] = Head(
          position: max(position, known?.position ?? 0), readAt: max(readAt, known?.readAt ?? readAt))
      }
      let ready = state.waiters.filter { (state.heads[$0.value.ledger]?.position ?? 0) > $0.value.position }
      for id in ready.keys { state.waiters[id] = nil }
      return ready.values.map(\.continuation)
    }
    for continuation in woken { continuation.resume() }
  }

  /// Waits until the head is beyond a position, or `limit` has passed, or the task is cancelled.
  public func wait(for ledger: String, beyond position: Int64, limit: Duration) async {
    let id = state.withLock { state in
      state.nextWaiter += 1
      state.coming.insert(state.nextWaiter)
      return state.nextWaiter
    }
    let timer = Task { [weak self] in
      do { try await Task.sleep(for: limit) } catch { return }
      self?.wake(id)
    }
    defer { timer.cancel() }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isReady = state.withLock { state in
          let isWoken = state.coming.remove(id) == nil
          let isOver = isWoken || (state.heads[ledger]?.position ?? 0) > position
          if isOver { return true }
          state.waiters[id] = Waiter(ledger: ledger, position: position, continuation: continuation)
          return false
        }
        if isReady { continuation.resume() }
      }
    } onCancel: {
      wake(id)
    }
  }

  private func wake(_ id: UInt64) {
    let waiter = state.withLock { state in
      state.coming.remove(id)
      return state.waiters.removeValue(forKey: id)
    }
    waiter?.continuation.resume()
  }
}

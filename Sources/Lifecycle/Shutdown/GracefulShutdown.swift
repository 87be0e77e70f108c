import Synchronization

/// The wish that something ends in good order: requested once, by anybody, and waited for by any number.
public final class GracefulShutdown: Sendable {
  private struct State {
    var isRequested = false
    var nextWaiter = 0
    var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
  }
  private let state = Mutex(State())

  /// Nothing is requested yet.
  public init() {}

  /// True once somebody requested it; it never turns false again.
  public var isRequested: Bool { state.withLock { $0.isRequested } }

  /// Requests it; further requests change nothing.
  public func request() {
    let waiters = state.withLock { state in
      state.isRequested = true
      defer { state.waiters = [:] }
      return state.waiters.values.map { $0 }
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Returns once it is requested, or the calling task is cancelled.
  public func requested() async {
    let number = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
        let isOver = state.withLock { state in
          if state.isRequested || Task.isCancelled { return true }
          state.waiters[number] = continuation
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      // A cancellation before the continuation is kept is seen by `Task.isCancelled` above: both hold the lock.
      state.withLock { $0.waiters.removeValue(forKey: number) }?.resume()
    }
  }

  /// Waits for `duration`, or until it is requested; answers whether it was.
  public func isRequested(within duration: Duration) async -> Bool {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.requested() }
      group.addTask { try? await Task.sleep(for: duration) }
      await group.next()
      group.cancelAll()
    }
    return isRequested
  }
}

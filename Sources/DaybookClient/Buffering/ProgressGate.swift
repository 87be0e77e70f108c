internal import Synchronization

/// A count that only grows, and those who wait for it.
final class ProgressGate: Sendable {
  private struct State {
    var count: Int64 = 0
    var failure: DaybookError?
    var nextWaiter = 0
    var waiters: [Int: (threshold: Int64, continuation: CheckedContinuation<Void, any Error>)] = [:]
    var cancelled: Set<Int> = []
  }

  private let state = Mutex(State())

  /// How far it is.
  var count: Int64 { state.withLock { $0.count } }

  /// Counts on, and lets go those whose threshold is reached.
  func advance(by step: Int) {
    let ready = state.withLock { state in
      state.count += Int64(step)
      let ready = state.waiters.filter { $0.value.threshold <= state.count }
      for key in ready.keys { state.waiters[key] = nil }
      return ready.values.map(\.continuation)
    }
    for waiter in ready { waiter.resume() }
  }

  /// Lets everybody go with an error, now and later.
  func fail(_ error: DaybookError) {
    let waiters = state.withLock { state in
      if state.failure == nil { state.failure = error }
      defer { state.waiters = [:] }
      return state.waiters.values.map(\.continuation)
    }
    for waiter in waiters { waiter.resume(throwing: error) }
  }

  /// Waits until the count reaches a threshold.
  ///
  /// - Throws: ``DaybookError`` after `fail`; `CancellationError`.
  func wait(for threshold: Int64) async throws {
    let key = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let result: Result<Void, any Error>? = state.withLock { state in
          if state.count >= threshold { return .success(()) }
          if let failure = state.failure { return .failure(failure) }
          if state.cancelled.remove(key) != nil { return .failure(CancellationError()) }
          state.waiters[key] = (threshold, continuation)
          return nil
        }
        if let result { continuation.resume(with: result) }
      }
    } onCancel: {
      let waiter = state.withLock { state in
        let waiter = state.waiters.removeValue(forKey: key)
        if waiter == nil { state.cancelled.insert(key) }
        return waiter
      }
      waiter?.continuation.resume(throwing: CancellationError())
    }
    state.withLock { _ = $0.cancelled.remove(key) }
  }
}

import Dispatch
import Synchronization

/// A bounded set of connections, each with a serial queue of its own on which blocking calls run.
///
/// A transaction that `body` left open is rolled back. What else `body` changes in the session (SET, LISTEN, temporary
/// tables) stays: use `SET LOCAL`, and a connection of your own for LISTEN and session locks.
public final class ConnectionPool: Sendable {
  private typealias Waiting = CheckedContinuation<Int, any Error>

  private struct State {
    var machine: PoolMachine
    var waiting: [PoolMachine.Waiter: Waiting] = [:]
    var closing: [CheckedContinuation<Void, Never>] = []

    /// Takes a waiter out of the queue; nil if it was served already.
    mutating func remove(_ waiter: PoolMachine.Waiter) -> Waiting? {
      machine.leave(waiter) ? waiting.removeValue(forKey: waiter) : nil
    }
  }

  private let state: Mutex<State>
  private let slots: [PoolSlot]
  private let waitLimit: Duration

  /// Makes a pool; connections are opened when first needed and replaced when lost.
  public init(_ settings: ConnectionSettings, size: Int, waitLimit: Duration = .seconds(5)) {
    state = Mutex(State(machine: PoolMachine(size: size)))
    slots = (0..<size).map { PoolSlot(settings, index: $0) }
    self.waitLimit = waitLimit
  }

  /// Lends a connection to `body`, which runs on that connection's queue and may block there.
  ///
  /// Throws `.poolExhausted` past `waitLimit` or when the pool is closed, `CancellationError` when the task is cancelled
  /// while it waits for a connection, and what connecting or `body` throws. A running `body` is not interrupted.
  public func withConnection<Value: Sendable>(
    _ body: @escaping @Sendable (Connection) throws -> Value
  ) async throws -> Value {
    let slot = try await lease()
    defer { giveBack(slot) }
    return try await slots[slot].run(body)
  }

  /// Closes everything, once those who have a connection gave it back; later calls throw.
  public func close() async {
    let turnedAway = state.withLock { state in
      state.machine.close().compactMap { state.waiting.removeValue(forKey: $0) }
    }
    for waiting in turnedAway { waiting.resume(throwing: Self.closed) }
    await slotsAreBack()
    for slot in slots { await slot.close() }
  }

  private func lease() async throws -> Int {
    let ticket = Ticket()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        // A cancel that comes before the lock finds nobody waiting, so the flag is looked at under it.
        let action = state.withLock { state -> PoolMachine.LeaseAction? in
          if Task.isCancelled { return nil }
          let action = state.machine.lease()
          if case .wait(let waiter) = action {
            state.waiting[waiter] = continuation
            ticket.waiter.withLock { $0 = waiter }
          }
          return action
        }
        switch action {
        case nil: continuation.resume(throwing: CancellationError())
        case .use(let slot): continuation.resume(returning: slot)
        case .wait(let waiter): expire(waiter)
        case .refuse(.closed): continuation.resume(throwing: Self.closed)
        case .refuse(.tooManyWaiting): continuation.resume(throwing: Self.exhausted)
        }
      }
    } onCancel: {
      let waiting = state.withLock { state in ticket.waiter.withLock { $0 }.flatMap { state.remove($0) } }
      waiting?.resume(throwing: CancellationError())
    }
  }

  private func giveBack(_ slot: Int) {
    var next: Waiting?
    var closing: [CheckedContinuation<Void, Never>] = []
    state.withLock { state in
      switch state.machine.giveBack(slot) {
      case .hand(let waiter): next = state.waiting.removeValue(forKey: waiter)
      case .park: break
      case .finish: swap(&closing, &state.closing)
      }
    }
    next?.resume(returning: slot)
    for continuation in closing { continuation.resume() }
  }

  private func expire(_ waiter: PoolMachine.Waiter) {
    let (seconds, attoseconds) = waitLimit.components
    let limit = Double(seconds) + Double(attoseconds) / 1e18
    DispatchQueue.global().asyncAfter(deadline: .now() + limit) { [weak self] in
      let waiting = self?.state.withLock { $0.remove(waiter) }
      waiting?.resume(throwing: Self.exhausted)
    }
  }

  private func slotsAreBack() async {
    await withCheckedContinuation { continuation in
      let isFinished = state.withLock { state in
        if state.machine.isFinished { return true }
        state.closing.append(continuation)
        return false
      }
      if isFinished { continuation.resume() }
    }
  }

  private static let closed = PostgresError(code: .poolExhausted, message: "the pool is closed")
  private static let exhausted = PostgresError(code: .poolExhausted, message: "no connection became free in time")
}

/// Which waiter a call became, for its cancellation.
private final class Ticket: Sendable {
  let waiter = Mutex<PoolMachine.Waiter?>(nil)
}

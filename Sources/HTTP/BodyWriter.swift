import Synchronization

/// Where a streamed body goes.
public final class BodyWriter: Sendable {
  private struct State {
    var buffer: BodyBuffer
    /// The sender found nothing and sleeps until `wake`.
    var senderSleeps = false
    /// Why writing is over for the producer.
    var failure: HTTPError?
    var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    var nextWaiter = 0
  }

  private let state: Mutex<State>
  /// Makes the sender read again.
  private let wake: @Sendable () -> Void

  init(capacity: Int, wake: @escaping @Sendable () -> Void) {
    state = Mutex(State(buffer: BodyBuffer(capacity: capacity)))
    self.wake = wake
  }

  /// Sends bytes, waiting for room.
  ///
  /// Pieces up to half the buffer stay contiguous when several tasks write. Throws `HTTPError` with `peerLeft` or
  /// `stopped` once the bytes can go nowhere, and `CancellationError` when the task is cancelled while it waits.
  public func write(_ bytes: [UInt8]) async throws {
    var rest = bytes[...]
    let longest = state.withLock { $0.buffer.halfCapacity }
    while !rest.isEmpty {
      let piece = rest.prefix(longest)
      while try !offer(piece) {
        try Task.checkCancellation()
        await waitForRoom(for: piece.count)
      }
      rest = rest.dropFirst(longest)
    }
  }

  /// Takes a piece if there is room now.
  private func offer(_ piece: ArraySlice<UInt8>) throws -> Bool {
    let sleeper = try state.withLock { state -> Bool? in
      if let failure = state.failure { throw failure }
      guard state.buffer.hasRoom(for: piece.count) else { return nil }
      state.buffer.append(piece)
      defer { state.senderSleeps = false }
      return state.senderSleeps
    }
    guard let sleeper else { return false }
    if sleeper { wake() }
    return true
  }

  private func waitForRoom(for bytes: Int) async {
    let ticket = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let goesOn = state.withLock { state in
          // Cancellation before this point found no waiter to wake, so it is asked about under the lock.
          if state.failure != nil || state.buffer.hasRoom(for: bytes) || Task.isCancelled { return true }
          state.waiters[ticket] = continuation
          return false
        }
        if goesOn { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: ticket) }?.resume()
    }
  }

  /// The producer is done: what waits is still sent.
  func end(_ how: BodyBuffer.Ending) {
    let sleeper = state.withLock { state in
      state.buffer.end(how)
      defer { state.senderSleeps = false }
      return state.senderSleeps
    }
    if sleeper { wake() }
  }

  /// Nobody will read any more: every write throws from now on.
  func fail(_ error: HTTPError) {
    let waiters = state.withLock { state in
      if state.failure == nil { state.failure = error }
      defer { state.waiters = [:] }
      return state.waiters
    }
    for waiter in waiters.values { waiter.resume() }
  }

  /// For the sender: copies what waits; `sleep` is called, under the lock, when nothing does, and says whether the
  /// sender could be put to sleep.
  func read(into target: UnsafeMutableRawBufferPointer, sleep: () -> Bool) -> BodyBuffer.Read {
    let (result, waiters) = state.withLock { state -> (BodyBuffer.Read, [Int: CheckedContinuation<Void, Never>]) in
      var result = state.buffer.read(into: target)
      if result == .wait {
        state.senderSleeps = sleep()
        if !state.senderSleeps { result = .cutOff }
      }
      guard case .bytes(_, madeRoom: true) = result else { return (result, [:]) }
      defer { state.waiters = [:] }
      return (result, state.waiters)
    }
    for waiter in waiters.values { waiter.resume() }
    return result
  }
}

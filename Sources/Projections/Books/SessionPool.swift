import Postgres
import Synchronization

/// A bounded set of sessions; who finds none free waits his turn, but not for long.
final class SessionPool: Sendable {
  private struct State {
    var idle: [BookSession] = []
    var opened = 0
    var isClosed = false
    var nextTicket: UInt64 = 0
    var waiting: [(ticket: UInt64, continuation: CheckedContinuation<BookSession, any Error>)] = []
  }

  private let settings: ConnectionSettings
  private let size: Int
  private let patience: Duration
  private let state = Mutex(State())

  init(_ settings: ConnectionSettings, size: Int, patience: Duration = .seconds(5)) {
    self.settings = settings
    self.size = size
    self.patience = patience
  }

  /// Lends a session; give it back with ``giveBack(_:)``.
  func lease() async throws -> BookSession {
    let free: BookSession? = try state.withLock { state in
      if state.isClosed { throw Self.closed }
      if let session = state.idle.popLast() { return session }
      guard state.opened < size else { return nil }
      state.opened += 1
      return BookSession(settings)
    }
    if let free { return free }
    return try await wait()
  }

  private func wait() async throws -> BookSession {
    let ticket = state.withLock { state in
      state.nextTicket += 1
      return state.nextTicket
    }
    let timer = Task { [patience] in
      try await Task.sleep(for: patience)
      self.giveUp(ticket)
    }
    defer { timer.cancel() }
    return try await withCheckedThrowingContinuation { continuation in
      let free: BookSession? = state.withLock { state in
        if let session = state.idle.popLast() { return session }
        state.waiting.append((ticket, continuation))
        return nil
      }
      if let free { continuation.resume(returning: free) }
    }
  }

  private func giveUp(_ ticket: UInt64) {
    let waiter = state.withLock { state in
      state.waiting.firstIndex { $0.ticket == ticket }.map { state.waiting.remove(at: $0).continuation }
    }
    waiter?.resume(
      throwing: ProjectionError(.unavailable, "too many questions at once; no connection came free in time"))
  }

  /// Takes a session back; an open transaction is ended first, by the order of the session's queue.
  func giveBack(_ session: BookSession) {
    session.reset()
    let (waiter, isClosed) = state.withLock { state in
      if state.isClosed { return (nil as CheckedContinuation<BookSession, any Error>?, true) }
      if !state.waiting.isEmpty { return (state.waiting.removeFirst().continuation, false) }
      state.idle.append(session)
      return (nil, false)
    }
    if isClosed { session.close() }
    waiter?.resume(returning: session)
  }

  func close() {
    let (idle, waiting) = state.withLock { state in
      state.isClosed = true
      defer {
        state.idle = []
        state.waiting = []
      }
      return (state.idle, state.waiting.map(\.continuation))
    }
    for session in idle { session.close() }
    for waiter in waiting { waiter.resume(throwing: Self.closed) }
  }

  private static let closed = ProjectionError(.unavailable, "the books are closed")
}

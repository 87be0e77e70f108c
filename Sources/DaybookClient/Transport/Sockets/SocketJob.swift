internal import Synchronization

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// One request on a socket: can be cut short from another thread.
final class SocketJob: Sendable {
  private struct State {
    var descriptor: Int32 = -1
    var isCancelled = false
  }

  private let state = Mutex(State())
  /// The request's bytes.
  let bytes: [UInt8]
  /// Told of what comes.
  let exchange: any Exchange
  /// When to give up; nil after the head of a stream.
  let deadline: ContinuousClock.Instant
  /// True where only the head has to come before the deadline.
  let isStream: Bool
  /// True where it may be sent again on a fresh connection.
  let mayBeRepeated: Bool

  init(bytes: [UInt8], exchange: any Exchange, timeout: Duration, isStream: Bool, mayBeRepeated: Bool) {
    self.bytes = bytes
    self.exchange = exchange
    deadline = .now + timeout
    self.isStream = isStream
    self.mayBeRepeated = mayBeRepeated
  }

  var isCancelled: Bool { state.withLock { $0.isCancelled } }

  /// The socket that carries the request now; false where it was cancelled.
  func uses(_ descriptor: Int32) -> Bool {
    state.withLock { state in
      state.descriptor = descriptor
      return !state.isCancelled
    }
  }

  /// The socket is about to be closed or to carry another request.
  func lets() { state.withLock { $0.descriptor = -1 } }

  /// Wakes whoever waits for the socket. Under the lock, so that the descriptor cannot be another's by now.
  func cancel() {
    state.withLock { state in
      state.isCancelled = true
      if state.descriptor >= 0 { shutdown(state.descriptor, Int32(SHUT_RDWR)) }
    }
  }
}

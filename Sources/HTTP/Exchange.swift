import Synchronization

/// One request and its answer, from the first header line to the last byte.
///
/// The library's thread calls `access` and `finish`; a task runs the handler; stopping and deadlines come from
/// elsewhere. Every step is taken under one lock, which is also the only place where the connection is suspended or
/// resumed, so a connection is resumed exactly when it sleeps.
final class Exchange: Sendable {
  enum Phase {
    /// Header fields are there, nothing was decided.
    case arriving
    case receiving
    /// Refused; what is still sent is thrown away, so that the client comes to reading the answer.
    case discarding(HTTPResponse)
    /// The connection sleeps while the handler's task runs.
    case handling
    case answered(HTTPResponse, BodyWriter?)
    case sending(BodyWriter?)
    case finished
  }

  struct State {
    var phase = Phase.arriving
    var request: HTTPRequest?
    /// Bytes taken from the budget.
    var reserved = 0
    var received = 0
    var due: ContinuousClock.Instant?
    var sleeps = false
    /// The server closes: nothing may sleep any more.
    var closing = false
    var task: Task<Void, Never>?
  }

  let core: ServerCore
  let connection: ConnectionHandle
  let target: RequestTarget?
  let targetBytes: Int
  let state = Mutex(State())

  init(core: ServerCore, connection: ConnectionHandle, rawTarget: UnsafeBufferPointer<UInt8>) {
    self.core = core
    self.connection = connection
    target = RequestTarget(raw: rawTarget)
    targetBytes = rawTarget.count
  }

  /// Something is being handled or sent; reading a request does not count.
  var isBusy: Bool {
    state.withLock { state in
      switch state.phase {
      case .handling, .answered, .sending: true
      case .arriving, .receiving, .discarding, .finished: false
      }
    }
  }

  /// Puts the connection to sleep; false when the server closes. For the library's thread only.
  func sleep() -> Bool {
    state.withLock { $0.sleep(connection) }
  }

  /// Wakes the connection if it sleeps.
  func wake() {
    state.withLock { $0.wake(connection) }
  }

  /// The request is over for the library: sent, or the peer left, or the daemon ends.
  func finish() {
    let (writer, task, unused) = state.withLock { state in
      let result = (state.phase.writer, state.task, state.request == nil ? 0 : state.reserved)
      if state.request != nil { state.reserved = 0 }
      state.phase = .finished
      state.request = nil
      state.sleeps = false
      state.task = nil
      return result
    }
    core.budget.release(unused)
    core.exchanges.remove(self)
    writer?.fail(HTTPError(.peerLeft, "the peer closed the connection"))
    task?.cancel()
  }
}

extension Exchange.Phase {
  /// Where the body is written, when it is streamed.
  var writer: BodyWriter? {
    switch self {
    case .answered(_, let writer), .sending(let writer): writer
    case .arriving, .receiving, .discarding, .handling, .finished: nil
    }
  }
}

extension Exchange.State {
  mutating func sleep(_ connection: ConnectionHandle) -> Bool {
    precondition(!sleeps)
    if closing { return false }
    connection.suspend()
    sleeps = true
    return true
  }

  mutating func wake(_ connection: ConnectionHandle) {
    guard sleeps else { return }
    sleeps = false
    connection.resume()
  }
}

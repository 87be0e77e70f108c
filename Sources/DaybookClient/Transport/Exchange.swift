internal import Synchronization

/// One request under way: what URLSession's callbacks are told to.
protocol Exchange: AnyObject, Sendable {
  /// The head of the answer.
  func received(_ head: TransportResponse)
  /// A piece of the body; false asks to cut the connection.
  func received(_ piece: [UInt8]) -> Bool
  /// The end, with what went wrong.
  func ended(_ failure: DaybookError?)
  /// The deadline passed.
  func expire()
  /// The caller was cancelled.
  func giveUp()
}

/// Collects an answer whole.
final class CollectingExchange: Exchange {
  private struct State {
    var waiter: CheckedContinuation<TransportResponse, any Error>?
    var head: TransportResponse?
    var body: [UInt8] = []
    var verdict: (any Error)?
  }

  private let state = Mutex(State())

  func wait(_ waiter: CheckedContinuation<TransportResponse, any Error>) {
    let verdict = state.withLock { state in
      if state.verdict == nil { state.waiter = waiter }
      return state.verdict
    }
    if let verdict { waiter.resume(throwing: verdict) }
  }

  func received(_ head: TransportResponse) { state.withLock { $0.head = head } }

  func received(_ piece: [UInt8]) -> Bool {
    state.withLock { state in
      guard state.body.count + piece.count <= Limits.answerBytes else {
        state.verdict = DaybookError(.malformedAnswer, "the answer is larger than 64 MiB", outcomeIsUnknown: true)
        return false
      }
      if state.body.isEmpty { state.body = piece } else { state.body += piece }
      return true
    }
  }

  func ended(_ failure: DaybookError?) {
    let (waiter, result): (CheckedContinuation<TransportResponse, any Error>?, Result<TransportResponse, any Error>) =
      state.withLock { state in
        defer { state.waiter = nil }
        if let verdict = state.verdict { return (state.waiter, .failure(verdict)) }
        if let failure { return (state.waiter, .failure(failure)) }
        guard var head = state.head else {
          return (state.waiter, .failure(DaybookError(.connection, "no answer came", outcomeIsUnknown: true)))
        }
        head.body = state.body
        state.body = []
        return (state.waiter, .success(head))
      }
    waiter?.resume(with: result)
  }

  func expire() { decide(DaybookError(.timeout, "no answer within the bound", outcomeIsUnknown: true)) }

  func giveUp() { decide(CancellationError()) }

  /// Answers the caller at once: Foundation may never call back for a task that was cancelled before it began.
  private func decide(_ error: any Error) {
    let waiter = state.withLock { state in
      if state.verdict == nil { state.verdict = error }
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume(throwing: error)
  }
}

/// Answers with the head, and lets the body through a mailbox.
final class StreamingExchange: Exchange {
  private struct State {
    var waiter: CheckedContinuation<TransportResponse, any Error>?
    var verdict: (any Error)?
  }

  private let state = Mutex(State())

  /// The pieces of the body.
  let mailbox: ByteMailbox

  /// - Parameter waitsForReader: True where `received` may block until the reader has caught up.
  init(waitsForReader: Bool) {
    mailbox = ByteMailbox(bound: Limits.streamBacklogBytes, waitsForReader: waitsForReader)
  }

  func wait(_ waiter: CheckedContinuation<TransportResponse, any Error>) {
    let verdict = state.withLock { state in
      if state.verdict == nil { state.waiter = waiter }
      return state.verdict
    }
    if let verdict { waiter.resume(throwing: verdict) }
  }

  func received(_ head: TransportResponse) { take()?.resume(returning: head) }

  func received(_ piece: [UInt8]) -> Bool { mailbox.offer(piece) }

  func ended(_ failure: DaybookError?) {
    take()?.resume(
      throwing: failure ?? DaybookError(.connection, "no answer came", outcomeIsUnknown: true))
    mailbox.finish(failure)
  }

  func expire() { decide(DaybookError(.timeout, "no answer within the bound")) }

  func giveUp() { decide(CancellationError()) }

  private func take() -> CheckedContinuation<TransportResponse, any Error>? {
    state.withLock { state in
      defer { state.waiter = nil }
      return state.waiter
    }
  }

  private func decide(_ error: any Error) {
    let waiter = state.withLock { state in
      if state.verdict == nil { state.verdict = error }
      defer { state.waiter = nil }
      return state.waiter
    }
    guard let waiter else { return }
    waiter.resume(throwing: error)
    mailbox.finish(error)
  }
}

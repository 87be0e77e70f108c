import Synchronization

/// Handling: the task that runs the handler and writes a streamed body.
extension Exchange {
  /// Starts the task; the connection sleeps already.
  func handle(_ request: HTTPRequest) {
    let isHead = request.method == "HEAD"
    let answering = PendingRequest(request)
    let task = Task {
      let response = await core.handler(answering.take())
      guard let (writer, produce) = answer(response, isHead: isHead) else { return }
      do {
        try await produce(writer)
        writer.end(.complete)
      } catch {
        writer.end(.cutOff)
      }
    }
    let isLate = state.withLock { state in
      if case .finished = state.phase { return true }
      state.task = task
      return state.closing
    }
    if isLate { task.cancel() }
  }

  /// Stores the handler's answer and wakes the connection; answers what is still to be written.
  private func answer(
    _ response: HTTPResponse, isHead: Bool
  ) -> (BodyWriter, @Sendable (BodyWriter) async throws -> Void)? {
    let (result, released) = state.withLock { state in
      let released = state.reserved
      state.reserved = 0
      guard case .handling = state.phase else {
        return (nil as (BodyWriter, @Sendable (BodyWriter) async throws -> Void)?, released)
      }
      defer { state.wake(connection) }
      guard case .stream(let produce) = response.body, !isHead else {
        state.phase = .answered(response, nil)
        return (nil, released)
      }
      let writer = BodyWriter(capacity: core.configuration.streamBufferBytes) { [self] in wake() }
      state.phase = .answered(response, writer)
      return ((writer, produce), released)
    }
    core.budget.release(released)
    return result
  }

  /// Answers for a handler that takes too long; its body stays counted until it returns.
  func expire(at now: ContinuousClock.Instant) {
    let task = state.withLock { state -> Task<Void, Never>? in
      guard case .handling = state.phase, let due = state.due, due <= now else { return nil }
      state.phase = .answered(core.rejection(.deadline), nil)
      state.wake(connection)
      return state.task
    }
    task?.cancel()
  }

  /// Ends a stream by cancelling its producer, which may end the body properly.
  func endStream() {
    let task = state.withLock { $0.phase.writer == nil ? nil : $0.task }
    task?.cancel()
  }

  /// From now on nothing of this exchange sleeps.
  func close() {
    let (writer, task) = state.withLock { state in
      state.closing = true
      if case .handling = state.phase { state.phase = .answered(core.rejection(.stopping), nil) }
      state.wake(connection)
      return (state.phase.writer, state.task)
    }
    task?.cancel()
    writer?.fail(HTTPError(.stopped, "the server stopped"))
  }
}

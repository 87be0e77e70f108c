import Synchronization

/// Reading: from the header to the whole body.
extension Exchange {
  /// What the library is to do next.
  enum Step {
    case goOn
    case send(HTTPResponse, BodyWriter?)
    case close
  }

  /// The library's access handler: called once for the header, then for pieces of the body, at its end, and after
  /// every sleep.
  func access(method: String, piece: UnsafeRawBufferPointer) -> Step {
    if !piece.isEmpty { return receive(piece) }
    let request: HTTPRequest?
    switch state.withLock({ $0.phase }) {
    case .arriving:
      return begin(method: method)
    case .discarding(let response):
      return .send(response, nil)
    case .answered(let response, let writer):
      return .send(response, writer)
    case .receiving:
      request = state.withLock { state in
        guard state.sleep(connection) else { return nil }
        state.phase = .handling
        state.due = .now + core.configuration.handlerDeadline
        return state.request.take()
      }
    case .handling, .sending, .finished:
      return .goOn
    }
    guard let request else { return .send(core.rejection(.stopping), nil) }
    handle(request)
    return .goOn
  }

  private func begin(method: String) -> Step {
    let headers = connection.headers()
    var admission = Admission(
      headers: headers, targetBytes: targetBytes, targetIsSound: target != nil, configuration: core.configuration)
    if core.exchanges.stage != .open { admission.refusal = .stopping }
    let length = admission.length ?? 0
    if admission.refusal == nil, !core.budget.reserve(length) { admission.refusal = .overloaded }
    if let refusal = admission.refusal { return refuse(refusal, admission) }

    guard let target else { preconditionFailure("admitted without a target") }
    var body: [UInt8] = []
    body.reserveCapacity(length)
    let request = HTTPRequest(
      method: method, path: target.path, query: target.query, headers: headers, body: body,
      remoteAddress: connection.peerAddress())
    state.withLock { state in
      state.request = request
      state.reserved = length
      state.due = .now + core.configuration.bodyDeadline
      state.phase = .receiving
    }
    return .goOn
  }

  /// Answers at once where the client waits or would send more than is worth reading (the connection closes then),
  /// else after the body was thrown away: answering while a client sends makes it miss the answer.
  private func refuse(_ reason: HTTPServer.RejectionReason, _ admission: Admission) -> Step {
    let response = core.rejection(reason)
    if !admission.hasNoBody {
      let isTooLong = (admission.length ?? 0) > Self.discardLimit(core.configuration)
      if reason == .malformedFraming || admission.expectsContinue || isTooLong { return .send(response, nil) }
    }
    state.withLock { state in
      state.due = .now + core.configuration.bodyDeadline
      state.phase = .discarding(response)
    }
    return .goOn
  }

  private func receive(_ piece: UnsafeRawBufferPointer) -> Step {
    state.withLock { state in
      if let due = state.due, due < .now { return .close }
      state.received += piece.count
      guard case .receiving = state.phase else {
        return state.received > Self.discardLimit(core.configuration) ? .close : .goOn
      }
      if let refusal = reserve(state.received, &state) {
        core.budget.release(state.reserved)
        state.reserved = 0
        state.request = nil
        state.phase = .discarding(core.rejection(refusal))
        return .goOn
      }
      state.request?.body.append(contentsOf: piece)
      return .goOn
    }
  }

  /// A chunked body announces no length: it takes from the budget as it grows.
  private func reserve(_ total: Int, _ state: inout State) -> HTTPServer.RejectionReason? {
    if total > core.configuration.maxBodyBytes { return .bodyTooLarge }
    let missing = total - state.reserved
    if missing <= 0 { return nil }
    guard core.budget.reserve(missing) else { return .overloaded }
    state.reserved += missing
    return nil
  }

  /// So much of a refused body is read to be polite.
  private static func discardLimit(_ configuration: HTTPServer.Configuration) -> Int {
    2 * configuration.maxBodyBytes
  }
}

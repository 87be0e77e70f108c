import Synchronization

/// Sending: handing the answer to the library.
extension Exchange {
  /// Queues an answer, or the one for a faulty answer; false closes the connection. For the library's thread only.
  func send(_ response: HTTPResponse, _ writer: BodyWriter?) -> Bool {
    let closing = core.exchanges.stage != .open
    state.withLock { $0.phase = .sending(writer) }
    if let message = ResponseMessage(response, writer: writer, exchange: self, closing: closing) {
      return message.queue(on: connection)
    }
    writer?.fail(HTTPError(.stopped, "the answer's header cannot be sent"))
    state.withLock { $0.phase = .sending(nil) }
    let substitute = core.rejection(.faultyResponse)
    guard let message = ResponseMessage(substitute, writer: nil, exchange: self, closing: true) else {
      return false
    }
    return message.queue(on: connection)
  }
}

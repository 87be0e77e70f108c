extension HTTPServer {
  /// Answers what never reaches the handler (too large, overloaded, malformed path), so that problems look alike.
  ///
  /// Called on the server's own threads: it must answer at once, with a body of bytes.
  public typealias Rejection = @Sendable (_ reason: RejectionReason) -> HTTPResponse

  /// Why a request never reached the handler, or its answer never the peer.
  public enum RejectionReason: String, Sendable, CaseIterable {
    /// The body is longer than one may be (413).
    case bodyTooLarge
    /// Bodies in flight are at their bound (429 with `Retry-After`).
    case overloaded
    /// The target is not a path, or holds a bad escape, NUL, or bytes that are no UTF-8 (400).
    case malformedPath
    /// Contradicting or unreadable framing fields (400).
    case malformedFraming
    /// Target and header fields are too long (431).
    case headersTooLarge
    /// The server is being stopped (503 with `Retry-After`).
    case stopping
    /// The handler did not answer in time; what it began may still happen (504).
    case deadline
    /// The handler's answer cannot be sent, such as a header field with a line break in it (500).
    case faultyResponse
  }
}

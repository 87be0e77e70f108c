/// The body of an answer, piece by piece; letting go of it closes the connection.
public struct AnswerPieces: AsyncSequence, Sendable {
  let stream: TransportStream

  /// Begins with the first piece; the body can be read once.
  public func makeAsyncIterator() -> Iterator { Iterator(stream: stream) }

  /// Reads one piece at a time.
  public struct Iterator: AsyncIteratorProtocol {
    let stream: TransportStream

    /// The next piece; nil at the end.
    ///
    /// - Throws: ``DaybookError`` where the connection is lost; `CancellationError`.
    public mutating func next() async throws -> [UInt8]? { try await stream.next() }
  }
}

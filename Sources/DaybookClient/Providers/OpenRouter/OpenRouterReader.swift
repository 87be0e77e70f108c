internal import Domain

/// Reads the chunks of one stream. Used by one reader at a time.
actor OpenRouterReader {
  private let stream: WatchedStream
  private let request: AIRequest
  private let names: OpenRouterNames
  private let silence: Duration
  private let bound: Int
  private let scrub: @Sendable (String) -> String
  private var parser = ServerSentEventParser(bound: Limits.providerChunkBytes)
  private var waiting: [ServerSentEvent] = []
  private var place = 0
  private var received = 0
  private var hasReason = false
  private var isDone = false

  init(
    _ stream: WatchedStream, asked request: AIRequest, names: OpenRouterNames, silence: Duration, bound: Int,
    scrub: @escaping @Sendable (String) -> String
  ) {
    self.stream = stream
    self.request = request
    self.names = names
    self.silence = silence
    self.bound = bound
    self.scrub = scrub
  }

  /// The next chunk; nil at the end.
  ///
  /// - Throws: ``AIProviderError``: `cut` where the connection ends before the model has stopped.
  func next() async throws -> AIChunk? {
    while !isDone {
      while place < waiting.count {
        let event = waiting[place]
        place += 1
        if event.data.elementsEqual("[DONE]".utf8) {
          finish()
          return nil
        }
        return try read(event)
      }
      guard try await fetch() else { break }
    }
    guard isDone || hasReason else {
      throw AIProviderError(.cut, "the stream ended before the model had stopped", isUnserved: false)
    }
    finish()
    return nil
  }

  private func read(_ event: ServerSentEvent) throws -> AIChunk {
    do {
      let chunk = try OpenRouterAnswer(event.data, scrub: scrub).chunk(asked: request, names)
      if chunk.finishReason != nil { hasReason = true }
      return chunk
    } catch {
      finish()
      throw error
    }
  }

  private func fetch() async throws -> Bool {
    do {
      guard let piece = try await stream.next(within: silence) else { return false }
      received += piece.count
      guard received <= bound else {
        finish()
        throw AIProviderError(.answerTooLarge, "the stream has more than \(bound) bytes")
      }
      waiting = try parser.feed(piece)
      place = 0
      return true
    } catch let error as DaybookError {
      finish()
      switch error.code {
      case .timeout: throw AIProviderError(.timeout, "the stream was silent for \(silence)", cause: error)
      case .malformedAnswer: throw AIProviderError(.malformedAnswer, "the stream is malformed", cause: error)
      default: throw AIProviderError(.cut, "the connection was lost within the stream", cause: error)
      }
    }
  }

  private func finish() {
    isDone = true
    stream.stream.cancel()
  }
}

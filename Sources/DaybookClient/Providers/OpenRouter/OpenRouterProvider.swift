internal import Domain

/// OpenRouter's chat completions over HTTP, or those of a server that speaks the same.
///
/// A request is repeated, with jitter and `Retry-After` in view, only where it was surely not served: the connection could
/// not be made, or the answer is 429 or a 5xx that no model stands behind. An answer that was lost on its way may have been
/// billed, so it is an error, and a fallback is the router's business. `usage.cost` becomes the reported cost to the last
/// digit of its text.
public final class OpenRouterProvider: AIProvider {
  /// Settings.
  public let configuration: OpenRouterConfiguration
  let transport: any Transport
  let names: OpenRouterNames
  private let key: String

  /// The provider's name as decisions have it.
  public var name: String { configuration.name }

  /// Makes a provider.
  ///
  /// - Parameters:
  ///   - key: OpenRouter's key; kept in memory only and never printed.
  ///   - configuration: Settings.
  ///   - transport: What carries the requests; by default as for ``Daybook``.
  /// - Throws: ``AIProviderError`` with `configuration`.
  public init(
    key: String, configuration: OpenRouterConfiguration = .init(), transport: (any Transport)? = nil
  ) throws(AIProviderError) {
    self.key = key
    var configuration = configuration
    while configuration.baseURL.hasSuffix("/") { configuration.baseURL.removeLast() }
    self.configuration = configuration
    names = OpenRouterNames(configuration.models)
    do {
      // The same rules for addresses, keys and clear text as for a ledger.
      var rules = DaybookConfiguration()
      rules.allowsUnencryptedRemote = configuration.allowsUnencryptedRemote
      let checked = try Daybook(url: configuration.baseURL, key: key, configuration: rules, transport: transport)
      self.transport = checked.transport
    } catch {
      throw AIProviderError(.configuration, error.message)
    }
  }

  /// Asks, and waits for the whole answer.
  public func complete(_ request: AIRequest) async throws -> AICompletion {
    let end = ContinuousClock.now + configuration.timeout
    return try await persistently(request, until: end) {
      let stream = try await self.open(request, isStream: false, until: end)
      let body = try await self.collect(stream, until: end)
      return try OpenRouterAnswer(body, scrub: self.scrub).completion(asked: request, self.names)
    }
  }

  /// Asks, and answers as soon as the first words may come.
  public func stream(_ request: AIRequest) async throws -> AsyncThrowingStream<AIChunk, any Error> {
    let end = ContinuousClock.now + configuration.timeout
    let stream = try await persistently(request, until: end) {
      try await self.open(request, isStream: true, until: end)
    }
    let reader = OpenRouterReader(
      stream, asked: request, names: names, silence: configuration.silence, bound: configuration.answerBytes,
      scrub: scrub)
    return AsyncThrowingStream(unfolding: { try await reader.next() })
  }

  /// The header that proves who asks.
  var authorisation: (name: String, value: String) { (name: "Authorization", value: "Bearer \(key)") }

  /// Takes the key out of a text that came from outside.
  var scrub: @Sendable (String) -> String {
    let key = key
    return { text in
      text.contains(key) ? text.split(separator: key, omittingEmptySubsequences: false).joined(separator: "…") : text
    }
  }
}

extension OpenRouterProvider: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Name and address; never the key.
  public var description: String { "OpenRouterProvider(\(name), \(configuration.baseURL))" }
  /// Name and address; never the key.
  public var debugDescription: String { description }
  /// As `description`, so that `dump` does not show the key either.
  public var customMirror: Mirror { Mirror(self, children: ["name": name, "baseURL": configuration.baseURL]) }
}

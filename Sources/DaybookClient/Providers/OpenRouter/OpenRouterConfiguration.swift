/// Settings of an ``OpenRouterProvider``; the defaults suit OpenRouter itself.
public struct OpenRouterConfiguration: Sendable {
  /// The address up to and without `/chat/completions`.
  public var baseURL: String
  /// The provider's name as the ledger's decisions have it.
  public var name: String
  /// The ledger's names of models and OpenRouter's ids for them; a name that is not here is an id.
  public var models: [String: String]
  /// How long a whole answer may take, and how long the first words of a stream.
  public var timeout: Duration
  /// Silence after which a stream is taken for dead; OpenRouter sends comments while a model thinks.
  public var silence: Duration
  /// How often to repeat what was surely not served, and how patiently.
  public var retry: RetryPolicy
  /// A longer `Retry-After` is not waited for: a fallback is quicker.
  public var longestRetryAfter: Duration
  /// Bytes of one answer, or of all chunks of a stream.
  public var answerBytes: Int
  /// The program's address, which OpenRouter shows in its statistics.
  public var referer: String?
  /// The program's name, which OpenRouter shows in its statistics.
  public var title: String?
  /// Lets the key travel unencrypted to another machine; only for networks that encrypt by themselves.
  public var allowsUnencryptedRemote: Bool

  /// Makes settings.
  public init(
    baseURL: String = "https://openrouter.ai/api/v1", name: String = "openrouter", models: [String: String] = [:],
    timeout: Duration = .seconds(120), silence: Duration = .seconds(60),
    retry: RetryPolicy = RetryPolicy(attempts: 3, firstDelay: .milliseconds(250)),
    longestRetryAfter: Duration = .seconds(10), answerBytes: Int = 16 << 20, referer: String? = nil,
    title: String? = nil, allowsUnencryptedRemote: Bool = false
  ) {
    self.baseURL = baseURL
    self.name = name
    self.models = models
    self.timeout = timeout
    self.silence = silence
    self.retry = retry
    self.longestRetryAfter = longestRetryAfter
    self.answerBytes = min(max(answerBytes, 1 << 10), Limits.answerBytes)
    self.referer = referer
    self.title = title
    self.allowsUnencryptedRemote = allowsUnencryptedRemote
  }
}

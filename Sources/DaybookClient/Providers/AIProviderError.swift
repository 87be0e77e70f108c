/// What went wrong with a model's provider, whether another model may help, and whether the attempt may be billed.
///
/// `description` holds neither keys nor what was said; `debugDescription` adds the provider's own words, which may repeat
/// parts of the prompt.
public struct AIProviderError: Error, Sendable {
  /// Where a fallback makes sense.
  public enum Remedy: Sendable, Hashable {
    /// Nowhere: the request itself is wrong.
    case none
    /// With another provider: this one's account or key is the trouble.
    case otherProvider
    /// With any other model.
    case otherModel
  }

  /// What happened.
  public var code: Code
  /// A sentence of this module's own about it.
  public var message: String
  /// The HTTP status, where the provider answered.
  public var status: Int?
  /// How long the provider asked to wait.
  public var retryAfter: Duration?
  /// True where the provider surely served nothing, so that nothing is billed.
  public var isUnserved: Bool
  /// The provider's own words, at most 500 characters; they may repeat parts of the prompt.
  public var detail: String?
  /// What lay underneath, for a debugger.
  public var cause: (any Error)?
  /// Where a fallback makes sense; what the code suggests, unless it is set.
  public var remedy: Remedy

  /// Makes an error.
  public init(
    _ code: Code, _ message: String, status: Int? = nil, retryAfter: Duration? = nil, isUnserved: Bool? = nil,
    detail: String? = nil, remedy: Remedy? = nil, cause: (any Error)? = nil
  ) {
    self.code = code
    self.message = message
    self.status = status
    self.retryAfter = retryAfter
    self.isUnserved = isUnserved ?? code.isRefusal
    self.detail = detail.map { String($0.prefix(500)) }
    self.remedy = remedy ?? code.remedy
    self.cause = cause
  }
}

extension AIProviderError {
  /// The kinds of errors; more may come, so a `switch` needs a default.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private enum Kind: String, Sendable {
      case configuration, connection, timeout, cut, malformed = "malformed_answer", tooLarge = "answer_too_large"
      case invalid = "invalid_request", unauthorised, payment = "payment_required", forbidden
      case notFound = "model_not_found", rateLimited = "rate_limited", unavailable, server = "server_error"
      case failed = "model_failed"
    }

    private let kind: Kind

    private init(_ kind: Kind) { self.kind = kind }

    /// A setting is missing or senseless; nothing was sent.
    public static let configuration = Self(.configuration)
    /// The connection could not be made or was lost.
    public static let connection = Self(.connection)
    /// No answer within the bound, or silence within an answer.
    public static let timeout = Self(.timeout)
    /// The answer ended before it was whole.
    public static let cut = Self(.cut)
    /// The answer is not what the protocol says.
    public static let malformedAnswer = Self(.malformed)
    /// The answer is larger than the bound.
    public static let answerTooLarge = Self(.tooLarge)
    /// 400, 413, 422: the request is wrong.
    public static let invalidRequest = Self(.invalid)
    /// 401: the key is wrong.
    public static let unauthorised = Self(.unauthorised)
    /// 402: the account has no money.
    public static let paymentRequired = Self(.payment)
    /// 403: not allowed, such as by moderation.
    public static let forbidden = Self(.forbidden)
    /// 404: there is no such model here.
    public static let modelNotFound = Self(.notFound)
    /// 429: too many requests.
    public static let rateLimited = Self(.rateLimited)
    /// 502, 503, 529: nobody serves the model now.
    public static let unavailable = Self(.unavailable)
    /// Another 5xx.
    public static let server = Self(.server)
    /// The model began and failed.
    public static let modelFailed = Self(.failed)

    /// The code's name, as it is recorded: lower-case words with underscores.
    public var description: String { kind.rawValue }

    /// Refused before any model began.
    var isRefusal: Bool {
      switch kind {
      case .configuration, .invalid, .unauthorised, .payment, .forbidden, .notFound, .rateLimited: true
      default: false
      }
    }

    var remedy: Remedy {
      switch kind {
      case .invalid: .none
      case .configuration, .unauthorised, .payment: .otherProvider
      default: .otherModel
      }
    }
  }
}

extension AIProviderError: CustomStringConvertible, CustomDebugStringConvertible {
  /// Code, sentence and status.
  public var description: String {
    "AIProviderError(\(code)): \(message)\(status.map { " [status \($0)]" } ?? "")"
  }

  /// `description`, the provider's own words, and the cause.
  public var debugDescription: String {
    description + (detail.map { "\n  detail: \($0)" } ?? "") + (cause.map { "\n  cause: \($0)" } ?? "")
  }
}

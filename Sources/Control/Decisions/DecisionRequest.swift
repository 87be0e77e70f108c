import Domain

/// What a caller asks before a call to a model.
struct DecisionRequest: Sendable {
  /// The caller's own name of the call.
  var id: String
  var operation: String
  /// By its name or an alias.
  var model: String?
  var tier: Tier?
  /// Tokens: a decision never looks at a person's name.
  var session: String?
  var user: String?
  var team: String?
  var strategy: String?
  var requiresApproval: Bool
  var approval: String?
  /// The classes that the caller expects, each once.
  var usage: [(usageClass: UsageClass, quantity: Int64)]
  var inputCharacters: Int64?

  /// Where the event's data names the user.
  static let userPointer = "/request/user"
  /// Where the event's data names the session.
  static let sessionPointer = "/request/session"

  /// Reads a request whose body was checked, or that was recorded; nil where it is none.
  ///
  /// - Parameter tokens: the tokens of `user` and `session`, whose names are not looked at.
  init?(_ body: JSON, tokens: [String: String]) {
    guard let id = body["id"]?.string, let operation = body["operation"]?.string else { return nil }
    self.id = id
    self.operation = operation
    model = body["model"]?.string
    tier = body["tier"]?.string.flatMap(Tier.init(rawValue:))
    session = tokens["session"]
    user = tokens["user"]
    team = body["team"]?.string
    strategy = body["strategy"]?.string
    requiresApproval = body["requires_approval"]?.boolean ?? false
    approval = body["approval"]?.string
    usage = CompletionUsage.classes(of: body["estimate"])
    inputCharacters = body["estimate"]?["input_characters"]?.integer
  }

  /// The scopes of kill switches that stop the call whatever model serves it.
  var scopes: [String] {
    var scopes = ["global", "operation/\(operation)"]
    if let user { scopes.append("user/\(user)") }
    if let team { scopes.append("team/\(team)") }
    return scopes
  }

  /// The tokens of the persons by where the event's data names them; nil where it names none.
  var persons: JSON? {
    if session == nil && user == nil { return nil }
    return .object([Self.sessionPointer: session.map(JSON.text), Self.userPointer: user.map(JSON.text)])
  }
}

extension DecisionRequest {
  /// The tokens by which a recorded decision knows the persons of its request.
  static func tokens(of derived: JSON?) -> [String: String] {
    var tokens: [String: String] = [:]
    tokens["session"] = derived?["persons"]?[sessionPointer]?.string
    tokens["user"] = derived?["persons"]?[userPointer]?.string
    return tokens
  }
}

internal import Domain

/// What a service asks before it calls a model; see ``Daybook/decide(_:)``.
public struct DecisionRequest: Sendable, Hashable {
  /// The call's id, chosen by the caller: 1 to 112 printable ASCII characters without spaces and `#`.
  ///
  /// The same request under the same id gets the first answer again. Who wants another decision asks with another id.
  public var id: String
  /// The purpose, such as `chat_message`.
  public var operation: String
  /// The model to prefer; asking for one is itself a right.
  public var model: String?
  /// The tier to prefer: `strong`, `mid` or `cheap`.
  public var tier: String?
  /// The conversation; it keeps the first model that it was allowed. Personal.
  public var session: String?
  /// Who the call is for. Personal.
  public var user: String?
  /// The team that the call counts for.
  public var team: String?
  /// The strategy that the call counts for.
  public var strategy: String?
  /// The goal that the call counts for.
  public var goal: String?
  /// True where the call wants an approval although its route does not.
  public var requiresApproval: Bool
  /// The approval to use, by its id.
  public var approval: String?
  /// What the call may use at most, as far as the caller knows.
  public var estimate: DecisionEstimate?

  /// Makes a request; set what else is known on the value.
  public init(
    _ operation: String, id: String = EventID.make(), model: String? = nil, tier: String? = nil,
    session: String? = nil, user: String? = nil, team: String? = nil, estimate: DecisionEstimate? = nil
  ) {
    self.id = id
    self.operation = operation
    self.model = model
    self.tier = tier
    self.session = session
    self.user = user
    self.team = team
    self.estimate = estimate
    requiresApproval = false
  }

  var json: JSON {
    .object([
      "id": .text(id), "operation": .text(operation), "model": model.map { .text($0) },
      "tier": tier.map { .text($0) }, "session": session.map { .text($0) }, "user": user.map { .text($0) },
      "team": team.map { .text($0) }, "strategy": strategy.map { .text($0) }, "goal": goal.map { .text($0) },
      "requires_approval": requiresApproval ? .boolean(true) : nil, "approval": approval.map { .text($0) },
      "estimate": estimate?.json,
    ])
  }
}

/// What a call may use at most: it is what budgets reserve.
public struct DecisionEstimate: Sendable, Hashable {
  /// Quantities by class.
  public var usage: Usage
  /// Characters of the input, counted four to a token, for callers that do not count tokens; instead of input tokens.
  public var inputCharacters: Int64?

  /// Makes an estimate.
  public init(_ usage: Usage = Usage(), inputCharacters: Int64? = nil) {
    self.usage = usage
    self.inputCharacters = inputCharacters
  }

  var json: JSON {
    var writer = DataWriter(capacity: 128)
    writer.object { writer in usage.write(to: &writer) }
    // The writer writes what the scanner reads.
    guard var json = try? JSON(parsing: writer.bytes) else { preconditionFailure("a usage is an object of integers") }
    json["input_characters"] = inputCharacters.map { .integer($0) }
    return json
  }
}

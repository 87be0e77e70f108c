public import Domain

/// A change of the configuration, exactly as it is asked for; an approval is bound to its digest.
///
/// In JSON: `{"change": operation, "subject", "sequence", "body"}`.
public struct Change: Sendable, Equatable {
  /// What is changed; the body's members are those of `CommandCatalogue.forms`.
  public enum Operation: String, Sendable, Hashable, CaseIterable {
    case configureRoute, configureModel, configureBudget, changeToggle, configurePolicy, listPrices
    case deactivateKillSwitch, addOwner, issueKey, acceptRecommendation
    /// A standing approval for decisions that need one.
    case grantStanding
    case closePeriod, reopenPeriod
    /// Past completions are costed by the prices known now.
    case rerate
    /// Empties what events hold of persons, for good.
    case eraseData
    case releaseHold
  }

  /// What is changed.
  public var operation: Operation
  /// The subject of the change's event, such as `route/chat_message`.
  public var subject: String
  /// Last sequence of the subject that the change is made against, 0 where it has none yet; nil: the present one.
  public var sequence: Int64?
  /// The whole new configuration, in the operation's own members.
  public var body: JSON

  /// Makes a change.
  public init(operation: Operation, subject: String, sequence: Int64? = nil, body: JSON) {
    self.operation = operation
    self.subject = subject
    self.sequence = sequence
    self.body = body
  }

  /// Reads a change from its JSON form; nil where it is none.
  public init?(_ json: JSON) {
    guard let operation = json["change"]?.string.flatMap(Operation.init(rawValue:)),
      let subject = json["subject"]?.string, let body = json["body"], case .object = body
    else { return nil }
    self.init(operation: operation, subject: subject, sequence: json["sequence"]?.integer, body: body)
  }

  /// The form that is recorded and hashed.
  public var json: JSON {
    .object([
      "change": .text(operation.rawValue), "subject": .text(subject), "sequence": sequence.map(JSON.integer),
      "body": body,
    ])
  }
}

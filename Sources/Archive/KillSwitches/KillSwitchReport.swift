public import Domain
public import Log

/// What a kill switch did, by the log alone.
public struct KillSwitchReport: Sendable, Equatable {
  /// One activation, and what happened in its scope until it ended, or until now.
  public struct Activation: Sendable, Equatable {
    /// Its scope; a user by the token.
    public var scope: ExactText
    /// Position of the activation: from there on nothing of the scope may be decided.
    public var position: Int64
    /// When it was activated.
    public var activatedAt: Timestamp
    /// The key that activated it.
    public var actor: String
    /// Why.
    public var reason: String
    /// Position of the deactivation; nil where it is active.
    public var endedAt: Int64?
    /// What the ledger decided to allow all the same. Anything here is a violation: the ledger decides nothing of the kind,
    /// so somebody wrote it behind its back.
    public var decided: CallList
    /// What the ledger refused because of it.
    public var refused: CallList
    /// Calls that were decided before, and were neither completed nor given up when it was activated.
    public var inFlight: CallList
    /// Decisions of services that decide by themselves, reported after it.
    public var decidedElsewhere: CallList
    /// Completions reported after it of calls that nobody is known to have decided.
    public var undecided: CallList
  }

  /// The ledger.
  public var ledger: String
  /// The last position that was looked at.
  public var head: Int64
  /// The activations, the latest first.
  public var activations: [Activation]

  /// True where the ledger decided nothing after any of the activations.
  public var holds: Bool { activations.allSatisfy { $0.decided.count == 0 } }
}

extension KillSwitchReport {
  /// The report's members.
  public var json: JSON {
    .object([
      "ledger": .text(ledger), "head": .integer(head), "holds": .boolean(holds),
      "activations": .array(activations.map(\.json)),
    ])
  }
}

extension KillSwitchReport.Activation {
  fileprivate var json: JSON {
    .object([
      "scope": .string(scope), "position": .integer(position), "activated": .text(activatedAt.description),
      "actor": .text(actor), "reason": .text(reason), "ended_at": endedAt.map(JSON.integer),
      "decided": decided.json, "refused": refused.json, "in_flight": inFlight.json,
      "decided_elsewhere": decidedElsewhere.json, "undecided": undecided.json,
    ])
  }
}

extension CallList {
  fileprivate var json: JSON { .object(["count": .integer(count), "calls": .array(calls.map(\.json))]) }
}

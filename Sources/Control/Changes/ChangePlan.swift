import Domain

/// What a change would do to the ledger as it is now.
struct ChangePlan: Sendable, Equatable {
  /// The events that make the change.
  var events: [PlannedEvent]
  /// What is at stake; nil where the change is free: it tightens, is neutral, or is a first configuration that loosens
  /// nothing.
  var stake: Stake?

  init(events: [PlannedEvent], stake: Stake? = nil) {
    self.events = events
    self.stake = stake
  }
}

/// Why a change needs a second human, and how much it puts at stake.
struct Stake: Sendable, Equatable {
  var kind: ApprovalKind
  var risk: ApprovalRisk
  /// For approvers: what the change gives up, in one sentence.
  var why: String

  init(_ kind: ApprovalKind, _ risk: ApprovalRisk, _ why: String) {
    self.kind = kind
    self.risk = risk
    self.why = why
  }
}

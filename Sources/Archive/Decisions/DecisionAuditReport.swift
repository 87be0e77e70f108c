public import Domain

/// What deciding everything again found.
public struct DecisionAuditReport: Sendable, Equatable {
  /// One thing that the rules would not have written.
  public struct Finding: Sendable, Equatable {
    /// What kind of wrong, a stable name.
    public enum Kind: String, Sendable {
      /// The rules would have decided otherwise, or refused.
      case decision
      /// Decided under rules that this program does not have.
      case rules = "unknown-rules"
      /// Something expired that was not due, or expired otherwise.
      case expiry
      /// Something follows from nothing: a threshold that was not crossed, a model that did not fail.
      case consequence
      /// What was due, or followed, or was part of a decision is not there.
      case missing
      /// The event cannot be folded: from here on nothing can be said.
      case unreadable
    }
    /// The event at fault; for what is missing, the event before which it should stand.
    public var position: Int64
    /// What kind of wrong.
    public var kind: Kind
    /// Why, for people; no payload is shown.
    public var detail: String
  }

  /// The ledger.
  public var ledger: String
  /// The first position that was looked at.
  public var from: Int64
  /// The last one.
  public var to: Int64
  /// Decisions of the ledger that were decided again.
  public var decisions: Int64 = 0
  /// Expiries and consequences that were compared with what the state says.
  public var followUps: Int64 = 0
  /// By position, at most `DecisionAudit.findingLimit`.
  public var findings: [Finding] = []

  /// Every decision is what the rules make of what was known before it.
  public var isClean: Bool { findings.isEmpty }

  /// The report's members.
  public var json: JSON {
    .object([
      "ledger": .text(ledger), "from": .integer(from), "to": .integer(to), "decisions": .integer(decisions),
      "follow_ups": .integer(followUps), "clean": .boolean(isClean),
      "findings": .array(
        findings.map { finding in
          .object([
            "position": .integer(finding.position), "kind": .text(finding.kind.rawValue),
            "detail": .text(finding.detail),
          ])
        }),
    ])
  }
}

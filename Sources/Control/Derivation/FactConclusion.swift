public import Domain

/// What the ledger concludes about a fact.
public struct FactConclusion: Sendable {
  /// The event's `derived`, in RFC 8785 form.
  public var derived: [UInt8]
  /// What of it concerns budgets, to be taken in by the state; nil where that is nothing.
  public var effect: SpendEffect?
  /// The days that books post it to, to be taken in by the state.
  public var posting: FactPosting
}

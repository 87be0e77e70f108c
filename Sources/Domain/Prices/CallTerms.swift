/// What of a call, besides its time, says which of a model's prices hold for it.
public struct CallTerms: Sendable, Hashable {
  /// The kind of service.
  public var serviceTier: ServiceTier
  /// Input plus cache tokens: what a context tier is chosen by, for the whole call.
  public var contextTokens: Int64

  /// Terms of a call.
  public init(serviceTier: ServiceTier = .standard, contextTokens: Int64 = 0) {
    self.serviceTier = serviceTier
    self.contextTokens = contextTokens
  }

  /// Terms of a call with this usage; a negative quantity counts as not told.
  public init(serviceTier: ServiceTier = .standard, usage: [(usageClass: UsageClass, quantity: Int64)]) {
    self.serviceTier = serviceTier
    var tokens: Int64 = 0
    for (usageClass, quantity) in usage where usageClass.isContext && quantity > 0 {
      // No call has as many; a sum beyond the range stays above every threshold.
      let (sum, overflows) = tokens.addingReportingOverflow(quantity)
      tokens = overflows ? .max : sum
    }
    contextTokens = tokens
  }
}

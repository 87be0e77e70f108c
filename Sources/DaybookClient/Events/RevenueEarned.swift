public import Domain

/// `revenue.earned`: money that came in for what the models did. Subject: `revenue/<id>`.
public struct RevenueEarned: EventContent, Equatable {
  /// How much.
  public var revenue: Money
  /// The strategy that earned it.
  public var strategy: String
  /// When it was earned.
  public var earnedAt: Timestamp
  /// Where it is known to come from, for people.
  public var sourceAttribution: String?
  /// The model that earned it; without one it is allocated.
  public var model: String?
  /// The operation that earned it.
  public var operation: String?
  /// The goal it is counted for.
  public var goal: String?
  /// Who paid. Personal.
  public var customer: String?

  /// `revenue.earned`.
  public var eventType: String { "revenue.earned" }

  /// Makes a revenue.
  public init(
    revenue: Money, strategy: String, earnedAt: Timestamp, sourceAttribution: String? = nil,
    model: String? = nil, operation: String? = nil, goal: String? = nil, customer: String? = nil
  ) {
    self.revenue = revenue
    self.strategy = strategy
    self.earnedAt = earnedAt
    self.sourceAttribution = sourceAttribution
    self.model = model
    self.operation = operation
    self.goal = goal
    self.customer = customer
  }

  /// Writes the members in canonical order.
  public func write(to writer: inout DataWriter) {
    writer.object { writer in
      writer.member("customer", customer)
      writer.member("earned_at", earnedAt)
      writer.member("goal", goal)
      writer.member("model", model)
      writer.member("operation", operation)
      writer.member("revenue", revenue)
      writer.member("source_attribution", sourceAttribution)
      writer.member("strategy", strategy)
    }
  }
}

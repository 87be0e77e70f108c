public import Domain

/// `cost.incurred`: a cost that is not one call's, such as a machine's. Subject: `cost/<id>`.
public struct CostIncurred: EventContent, Equatable {
  /// What kind of cost.
  public enum Category: String, Sendable, CaseIterable {
    /// Inference that was not recorded call by call.
    case aiInference = "ai_inference"
    /// A machine.
    case vm
    /// A service billed by its provider.
    case apiService = "api_service"
    /// Anything else.
    case other
  }

  /// What kind of cost.
  public var category: Category
  /// How much.
  public var cost: Money
  /// The first moment it is for.
  public var periodStart: Timestamp
  /// The first moment it is no longer for.
  public var periodEnd: Timestamp
  /// For people.
  public var details: String?
  /// Who billed it.
  public var provider: String?
  /// The model it is for.
  public var model: String?
  /// The strategy it is counted for.
  public var strategy: String?
  /// The invoice it stands on.
  public var invoice: String?

  /// `cost.incurred`.
  public var eventType: String { "cost.incurred" }

  /// Makes a cost; `details` becomes the member `description`.
  public init(
    category: Category, cost: Money, periodStart: Timestamp, periodEnd: Timestamp, details: String? = nil,
    provider: String? = nil, model: String? = nil, strategy: String? = nil, invoice: String? = nil
  ) {
    self.category = category
    self.cost = cost
    self.periodStart = periodStart
    self.periodEnd = periodEnd
    self.details = details
    self.provider = provider
    self.model = model
    self.strategy = strategy
    self.invoice = invoice
  }

  /// Writes the members in canonical order.
  public func write(to writer: inout DataWriter) {
    writer.object { writer in
      writer.member("category", category.rawValue)
      writer.member("cost", cost)
      writer.member("description", details)
      writer.member("invoice", invoice)
      writer.member("model", model)
      writer.member("period_end", periodEnd)
      writer.member("period_start", periodStart)
      writer.member("provider", provider)
      writer.member("strategy", strategy)
    }
  }
}

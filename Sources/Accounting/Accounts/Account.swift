public import Domain

/// An account of the chart (`projections/books/trial_balance/accounts.md`).
public enum Account: Hashable, Sendable {
  /// What customers owe; debited by revenue.
  case receivable
  /// What is owed to a provider; credited by costs. Nil: nobody was named.
  case accrued(provider: ExactText?)
  /// The cost of completions.
  case inference(provider: ExactText, model: ExactText)
  /// Other costs, as they accrue.
  case operating(category: ExactText)
  /// Revenue as it was earned; nil: of no model.
  case income(strategy: ExactText, model: ExactText?)
  /// What a model bears of costs that name none.
  case allocatedCost(model: ExactText)
  /// The other side of it.
  case allocationOfCost(category: ExactText)
  /// What a model is given of revenue that names none.
  case allocatedRevenue(model: ExactText)
  /// The other side of it.
  case allocationOfRevenue(strategy: ExactText)

  /// The account's name, from the top: words of the chart, and names from outside.
  var segments: [AccountSegment] {
    switch self {
    case .receivable: [.word("Assets"), .word("Receivable")]
    case .accrued(let provider): [.word("Liabilities"), .word("Accrued"), .optional(provider)]
    case .inference(let provider, let model): [.word("Expenses"), .word("Inference"), .name(provider), .name(model)]
    case .operating(let category): [.word("Expenses"), .word("Operating"), .name(category)]
    case .income(let strategy, let model): [.word("Income"), .name(strategy), .optional(model)]
    case .allocatedCost(let model): [.word("Expenses"), .word("Allocated"), .name(model)]
    case .allocationOfCost(let category): [.word("Expenses"), .word("Allocation"), .name(category)]
    case .allocatedRevenue(let model): [.word("Income"), .word("Allocated"), .name(model)]
    case .allocationOfRevenue(let strategy): [.word("Income"), .word("Allocation"), .name(strategy)]
    }
  }

  /// The names from outside in it, with what they are.
  var names: [(key: StaticString, name: ExactText)] {
    switch self {
    case .receivable, .accrued(nil): []
    case .accrued(let provider?): [("provider", provider)]
    case .inference(let provider, let model): [("provider", provider), ("model", model)]
    case .operating(let category), .allocationOfCost(let category): [("category", category)]
    case .income(let strategy, nil), .allocationOfRevenue(let strategy): [("strategy", strategy)]
    case .income(let strategy, let model?): [("strategy", strategy), ("model", model)]
    case .allocatedCost(let model), .allocatedRevenue(let model): [("model", model)]
    }
  }
}

/// One part of an account's name.
enum AccountSegment: Hashable {
  /// A word of the chart.
  case word(String)
  /// A name from outside, which may be anything.
  case name(ExactText)

  /// A name, or the chart's word for none.
  static func optional(_ name: ExactText?) -> AccountSegment { name.map { .name($0) } ?? .word(unattributed) }

  /// The chart's word where nobody was named.
  static let unattributed = "Unattributed"
  /// The words that stand where names from outside may stand too; a name that is spelled like one is written otherwise.
  static let reserved: Set<ExactText> = ["Unattributed", "Allocated", "Allocation"]
}

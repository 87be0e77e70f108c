import Domain

/// What a call uses at most, worked out from what its caller, the model and the route say.
///
/// Input: what the caller tells, in its classes or in characters, four to a token, rounded up; else the model's most.
/// Output: what the caller tells, else the model's most, or the route's where that is less. What a model has a price for,
/// and nobody bounds, is not known, and so is the cost: it is never taken for zero.
struct WorstCase {
  private(set) var usage: [(usageClass: UsageClass, quantity: Int64)]
  /// False where something is used of which nobody says how much.
  private(set) var isBounded = true

  private static let input: Set<UsageClass> = [
    .inputTokens, .cacheReadTokens, .cacheWriteTokens, .cacheWriteHourTokens, .audioInputTokens, .imageTokens,
  ]
  private static let output: Set<UsageClass> = [.outputTokens, .reasoningTokens, .audioOutputTokens]

  init(_ request: DecisionRequest, _ route: Route, _ model: Model, _ price: (UsageClass) -> Price?) {
    usage = request.usage
    if let characters = request.inputCharacters, !tells(.inputTokens) {
      usage.append((.inputTokens, characters / 4 + (characters % 4 == 0 ? 0 : 1)))
    }
    // Reasoning alone does not say how long the answer is.
    let isOutputTold = tells(.outputTokens) || tells(.audioOutputTokens)
    let isInputTold = usage.contains { !Self.output.contains($0.usageClass) && $0.usageClass != .requests }
    if !isInputTold { addInput(model, price) }
    if !isOutputTold { addOutput(route, model, price) }
    if price(.requests) != nil, !tells(.requests) { usage.append((.requests, 1)) }
    usage.sort { $0.usageClass.rawValue < $1.usageClass.rawValue }
  }

  private func tells(_ usageClass: UsageClass) -> Bool { usage.contains { $0.usageClass == usageClass } }

  private mutating func addInput(_ model: Model, _ price: (UsageClass) -> Price?) {
    if let most = model.maxInputTokens { usage.append((.inputTokens, most)) }
    for usageClass in UsageClass.allCases where !Self.output.contains(usageClass) && usageClass != .requests {
      guard let price = price(usageClass) else { continue }
      if model.maxInputTokens != nil && Self.input.contains(usageClass) { continue }
      // However much it is: what is free costs nothing.
      if price.price.amount.isZero { usage.append((usageClass, 0)) } else { isBounded = false }
    }
  }

  private mutating func addOutput(_ route: Route, _ model: Model, _ price: (UsageClass) -> Price?) {
    let isPriced = price(.outputTokens) != nil
    if let most = model.maxOutputTokens {
      usage.append((.outputTokens, min(most, route.maxOutputTokens ?? most)))
    } else if isPriced, let most = route.maxOutputTokens {
      usage.append((.outputTokens, most))
    } else if Self.output.contains(where: { price($0)?.price.amount.isZero == false }) {
      isBounded = false
    }
  }
}

extension ControlState {
  /// What a call would use and cost at most, at the prices in force at `now`.
  func estimate(_ request: DecisionRequest, _ route: Route, _ model: Model, at now: Timestamp) -> CallEstimate {
    let prices = priceBook.prices(of: model.name, provider: model.provider)
    let worst = WorstCase(request, route, model) {
      prices?.price(of: $0, provider: model.provider, at: now, terms: CallTerms())
    }
    guard worst.isBounded else { return CallEstimate(usage: worst.usage, cost: nil, priceIDs: []) }
    let (cost, ids) = priceBook.estimate(
      usage: worst.usage, model: model.name, provider: model.provider, at: now)
    return CallEstimate(usage: worst.usage, cost: cost, priceIDs: ids)
  }
}

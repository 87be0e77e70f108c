import Domain

/// Counts what of a list of prices a second human must see.
struct HeldPrices {
  private var raised = 0
  private var cut = 0
  private var otherCurrency = 0
  private var moved = 0
  /// The first one, for people.
  private var example: String?

  mutating func note(_ price: Price, _ step: PriceStep) {
    guard step.isHeld else { return }
    switch step {
    case .raisedTenfold: raised += 1
    case .cutTenfold: cut += 1
    default: otherCurrency += 1
    }
    example = example ?? "\(price.usageClass) of \(price.model)"
  }

  mutating func note(_ alias: PriceAlias, isMoved: Bool) {
    guard isMoved else { return }
    moved += 1
    example = example ?? "the name \(alias.name.alias)"
  }

  /// What is at stake; nil where nothing is held and nobody asked for it.
  func stake(isAsked: Bool) -> Stake? {
    guard let example else {
      let why = "The requester asks for a second human to look at these prices."
      return isAsked ? Stake(.costIncrease, .high, why) : nil
    }
    let counts = [
      (raised, "raised 10 times or more"), (cut, "cut to a tenth or less"), (otherCurrency, "of another currency"),
      (moved, "a name moved to another model"),
    ]
    let parts = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    let kind: ApprovalKind = raised == 0 && cut > 0 ? .loosening : .costIncrease
    return Stake(kind, .high, "Prices change as unit errors do: \(parts.joined(separator: ", ")); first: \(example).")
  }
}

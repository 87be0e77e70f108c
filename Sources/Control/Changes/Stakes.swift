import Domain

/// What a change puts at stake, member by member; together they are one stake.
struct Stakes {
  private(set) var all: [Stake] = []

  /// Notes a stake where it is one.
  mutating func note(_ isAtStake: Bool, _ kind: ApprovalKind, _ risk: ApprovalRisk, _ why: String) {
    if isAtStake { all.append(Stake(kind, risk, why)) }
  }

  /// One stake for all: the kind of the first of the highest risk, and every reason; nil where nothing is at stake.
  var combined: Stake? {
    guard let risk = all.map(\.risk).max(), let leading = all.first(where: { $0.risk == risk }) else { return nil }
    return Stake(leading.kind, risk, all.map(\.why).joined(separator: "; "))
  }
}

import Domain

extension Budget {
  /// What a new configuration gives up of this one; empty where it is as tight or tighter.
  func stakes(of next: Budget) -> [Stake] {
    var stakes: [Stake] = []
    func note(_ isAtStake: Bool, _ kind: ApprovalKind, _ risk: ApprovalRisk, _ why: String) {
      if isAtStake { stakes.append(Stake(kind, risk, why)) }
    }
    note(
      isEnabled && !next.isEnabled, isHard ? .loosening : .budgetChange, isHard ? .high : .medium,
      "the budget \(id) is switched off")
    note(isHard && !next.isHard, .loosening, .high, "the budget \(id) no longer refuses")
    note(
      next.limit > limit, .budgetChange, isHard && Self.isDoubled(limit, next.limit) ? .high : .medium,
      "the limit of \(id) rises from \(limit) to \(next.limit)")
    note(
      next.tokens > tokens, .budgetChange, isHard && next.tokens / 2 >= tokens ? .high : .medium,
      "the limit of \(id) rises from \(tokens) to \(next.tokens) tokens a minute")
    note(warnsLater(next), .budgetChange, .low, "the budget \(id) loses a threshold, or reaches one later")
    note(
      grantsMoreShare(next) || next.judgedFrom > judgedFrom, .budgetChange, .medium,
      "the budget \(id) allows tiers a larger share")
    note(
      isLooserOnUnknown(next), isHard ? .loosening : .budgetChange, isHard ? .high : .medium,
      "the budget \(id) holds less for calls whose cost is not known")
    return stakes
  }

  private static func isDoubled(_ old: Amount, _ new: Amount) -> Bool { new >= old.plus(old) }

  /// True unless for each threshold there is still one that is reached no later.
  private func warnsLater(_ next: Budget) -> Bool {
    guard next.thresholds.count >= thresholds.count else { return true }
    return zip(thresholds, next.thresholds).contains { old, new in new > old }
  }

  private func grantsMoreShare(_ next: Budget) -> Bool {
    shares.contains { old in next.share(of: ExactText(old.tier)).map { $0 > old.share } ?? true }
  }

  /// Without a worst case a hard budget refuses, which is the tightest, and a soft one holds nothing.
  private func isLooserOnUnknown(_ next: Budget) -> Bool {
    guard kind == .spend else { return false }
    switch (worstCase, next.worstCase) {
    case (let old?, let new?): return new < old
    case (_?, nil): return !next.isHard
    case (nil, _?): return isHard
    case (nil, nil): return false
    }
  }
}

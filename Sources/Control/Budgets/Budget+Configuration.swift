public import Domain

extension Budget {
  /// The whole configuration, with what a request may leave out: money, hard, and enabled.
  static func normalised(_ body: JSON) -> JSON {
    var data = body
    if data["kind"] == nil { data["kind"] = .text(Kind.spend.rawValue) }
    if data["hard"] == nil { data["hard"] = .boolean(data["kind"]?.string != Kind.tierShare.rawValue) }
    if data["enabled"] == nil { data["enabled"] = .boolean(true) }
    if let elements = data["thresholds"]?.elements {
      let amounts = Set(elements.compactMap { $0.string.flatMap { Amount($0) } }).sorted()
      data["thresholds"] = .array(amounts.map { .text($0.description) })
    }
    return data
  }

  /// Reads a configuration; nil where `faults` finds one.
  init?(_ data: JSON, number: Int32, position: Int64, createdAt: Timestamp) {
    guard let id = data["budget"]?.string, Self.isGrant(id) || Self.faults(in: data).isEmpty,
      let kind = data["kind"]?.string.flatMap(Kind.init(rawValue:)),
      let scope = data["scope"]?.string.flatMap({ BudgetScope($0) }), let isHard = data["hard"]?.boolean,
      let isEnabled = data["enabled"]?.boolean
    else { return nil }
    let limit = (data["limit"] ?? data["judged_from"]).flatMap { Money($0) }
    self.init(
      id: id, number: number, kind: kind, scope: scope,
      period: data["window"]?.string.flatMap(BudgetPeriod.init(rawValue:)) ?? .minute,
      limit: kind == .spend ? limit?.amount ?? .zero : .zero, currency: limit?.currency, isHard: isHard,
      thresholds: (data["thresholds"]?.elements ?? []).compactMap { $0.string.flatMap { Amount($0) } }.sorted(),
      worstCase: data["worst_case"]?.string.flatMap { Amount($0) }, tokens: data["tokens"]?.integer ?? 0,
      shares: (data["shares"]?.elements ?? []).compactMap { element in
        guard let tier = element["tier"]?.string, let share = element["share"]?.string.flatMap({ Amount($0) }) else {
          return nil
        }
        return Share(tier: tier, share: share)
      },
      judgedFrom: kind == .tierShare ? limit?.amount ?? .zero : .zero, isEnabled: isEnabled,
      note: data["note"]?.string, position: position, createdAt: createdAt)
  }

  /// The configuration: the data of `budget.configured`.
  public var json: JSON {
    let hasWindow = period != .minute
    return .object([
      "budget": .text(id), "kind": .text(kind.rawValue), "scope": .text(scope.text),
      "window": hasWindow ? .text(period.rawValue) : nil,
      "limit": kind == .spend ? currency.map { Money(limit, $0).json } : nil, "hard": .boolean(isHard),
      "thresholds": thresholds.isEmpty ? nil : .array(thresholds.map { .text($0.description) }),
      "worst_case": worstCase.map { .text($0.description) },
      "tokens": kind == .tokensPerMinute ? .integer(tokens) : nil,
      "shares": shares.isEmpty
        ? nil
        : .array(shares.map { .object(["tier": .text($0.tier), "share": .text($0.share.description)]) }),
      "judged_from": kind == .tierShare ? currency.map { Money(judgedFrom, $0).json } : nil,
      "enabled": .boolean(isEnabled), "note": note.map(JSON.text),
    ])
  }
}

// MARK: - Checking

extension Budget {
  /// What a configuration, whose members are each right by themselves, gets wrong as a whole.
  static func faults(in data: JSON) -> [ValidationFault] {
    var faults: [ValidationFault] = []
    func fault(_ member: String, _ code: String, _ detail: String) {
      faults.append(ValidationFault(pointer: member.isEmpty ? "" : "/" + member, code: code, detail: detail))
    }
    let kind = data["kind"].map { $0.string.flatMap(Kind.init(rawValue:)) } ?? .spend
    guard let kind else {
      return [ValidationFault(pointer: "/kind", code: "enum", detail: "expected: a kind of budget")]
    }
    if data["budget"]?.string?.utf8.contains(UInt8(ascii: "/")) != false {
      fault("budget", "pattern", "expected: a budget's id, without a slash")
    }
    for member in kind.required where data[member] == nil {
      fault(member, "required", "missing: a budget of kind \(kind.rawValue) needs it")
    }
    for member in kind.excluded where data[member] != nil {
      fault(member, "unknown-field", "a budget of kind \(kind.rawValue) has no such member")
    }
    guard let scope = data["scope"]?.string.flatMap({ BudgetScope($0) }) else {
      fault(
        "scope", "pattern",
        "expected: ledger, or a name or * under "
          + BudgetScope.Dimension.allCases.dropFirst().map { $0.rawValue + "/" }.joined(separator: ", "))
      return faults
    }
    if kind == .tierShare {
      if scope.isEach || scope.dimension == .tier {
        fault("scope", "pattern", "expected: ledger, or one name under another prefix than tier/")
      }
      if data["hard"]?.boolean == true { fault("hard", "enum", "expected: false, as shares only warn") }
      let tiers = (data["shares"]?.elements ?? []).compactMap { $0["tier"]?.string }
      if Set(tiers.map { ExactText($0) }).count != tiers.count {
        fault("shares", "duplicate", "expected: each tier once")
      }
    }
    return faults
  }
}

extension Budget.Kind {
  fileprivate var required: [String] {
    switch self {
    case .spend: ["window", "limit"]
    case .tokensPerMinute: ["tokens"]
    case .tierShare: ["window", "shares", "judged_from"]
    }
  }

  fileprivate var excluded: [String] {
    switch self {
    case .spend: ["tokens", "shares", "judged_from"]
    case .tokensPerMinute: ["window", "limit", "thresholds", "worst_case", "shares", "judged_from"]
    case .tierShare: ["limit", "thresholds", "tokens"]
    }
  }
}

import Domain

/// Profit and loss and the trial balance recomputed from the events in plain Swift, with Domain's own split.
struct FinanceOracle {
  /// One signed posting of money.
  struct Posting {
    var sign: Int128
    var type: String
    var data: JSON
    var derived: JSON
    var money: (units: Int128, currency: String)?
    var day: String
    var notBefore: String?

    /// The days that it is posted on, with the signed units of each.
    var days: [(day: String, units: Int128)] {
      let units = sign * (money?.units ?? 0)
      guard type == "cost.incurred", let accrual = derived["accrual"],
        let from = accrual["from"]?.string.flatMap({ CivilDate($0) }),
        let through = accrual["through"]?.string.flatMap({ CivilDate($0) })
      else { return [(day, units)] }
      let bound = [notBefore, accrual["not_before"]?.string].compactMap { $0 }.max()
      let dates = (0...(through.daysSince1970 - from.daysSince1970)).map { from.advanced(byDays: $0).description }
      // Dates sort as their texts do, so the earliest days are served first.
      let parts = try? Amount(units: units).split(by: dates.map { (ExactText($0), Amount(whole: 1)) })
      var spread: [String: Int128] = [:]
      for (date, part) in zip(dates, parts ?? []) {
        spread[bound.map { max($0, date) } ?? date, default: 0] += part.units
      }
      return spread.map { ($0.key, $0.value) }
    }
  }

  static func postings(_ events: some Sequence<LoggedEvent>) -> [Posting] {
    events.flatMap { event -> [Posting] in
      let derived = event.derived ?? .null
      let day = derived["posting_date"]?.string ?? ""
      func posting(_ sign: Int128, _ entry: JSON, _ money: JSON?) -> Posting {
        Posting(
          sign: sign, type: entry["type"]?.string ?? "", data: entry["data"] ?? .null,
          derived: entry["derived"] ?? .null,
          money: BookOracle.money(money), day: day, notBefore: derived["not_before"]?.string)
      }
      switch event.type {
      case "completion.recorded", "cost.incurred", "revenue.earned":
        let entry: JSON = members(["type": .text(event.type), "data": event.data, "derived": derived])
        return [posting(1, entry, own(entry))]
      case "entry.reversed":
        guard let entry = derived["reversed"] else { return [] }
        return [posting(-1, entry, derived["effective"] ?? own(entry))]
      case "cost.restated", "entry.adjusted":
        guard let entry = derived["entry"] else { return [] }
        return [posting(-1, entry, derived["before"]), posting(1, entry, derived["after"])]
      default: return []
      }
    }
  }

  /// What an entry itself says that it costs or earned.
  static func own(_ entry: JSON) -> JSON? {
    switch entry["type"]?.string {
    case "completion.recorded": entry["derived"]?["cost"]
    case "cost.incurred": entry["data"]?["cost"]
    default: entry["data"]?["revenue"]
    }
  }

  /// A pool: what names none of the key, of one day and currency.
  struct Pool: Hashable {
    var day: ExactText
    var currency: String
    var scope: [String: ExactText]
    var kind: String
  }

  /// Day, key and currency, to the sums of a row.
  private(set) var rows: [[ExactText]: BookOracle.Row] = [:]
  /// Divided pools with the share of each key.
  private(set) var divided: [(pool: Pool, units: Int128, shares: [(key: ExactText, units: Int128)])] = []

  init(_ postings: [Posting], by key: String, within scope: [String]) {
    var inference: [[ExactText]: [[String: ExactText]: Int128]] = [:]
    var pools: [Pool: Int128] = [:]
    for posting in postings {
      var names: [String: ExactText] = [:]
      for name in ["operation", "strategy", "model"] { names[name] = ExactText(posting.data[name]?.string ?? "") }
      let own = names[key] ?? ExactText("")
      let currency = posting.money?.currency ?? "XXX"
      if posting.type == "completion.recorded" {
        let day = ExactText(posting.day)
        let place = [day, own, ExactText(currency)]
        rows[place, default: .init()].add("calls", posting.sign)
        guard let money = posting.money else { continue }
        rows[place, default: .init()].add("inference_cost", posting.sign * money.units)
        inference[[day, ExactText(currency)], default: [:]][names, default: 0] += posting.sign * money.units
        continue
      }
      let kind = posting.type == "revenue.earned" ? "revenue" : posting.data["category"]?.string ?? ""
      for (day, units) in posting.days {
        if own != ExactText("") {
          rows[[ExactText(day), own, ExactText(currency)], default: .init()].add("\(kind)_direct", units)
        } else {
          let named = Dictionary(uniqueKeysWithValues: scope.map { ($0, names[$0] ?? ExactText("")) })
          pools[Pool(day: ExactText(day), currency: currency, scope: named, kind: kind), default: 0] += units
        }
      }
    }
    for (pool, units) in pools {
      divide(pool, units, inference[[pool.day, ExactText(pool.currency)]] ?? [:], by: key)
    }
  }

  private mutating func divide(
    _ pool: Pool, _ units: Int128, _ inference: [[String: ExactText]: Int128], by key: String
  ) {
    var weights: [ExactText: Int128] = [:]
    for (names, cost) in inference
    where pool.scope.allSatisfy({ $0.value == ExactText("") || names[$0.key] == $0.value }) {
      weights[names[key] ?? ExactText(""), default: 0] += cost
    }
    let shares = weights.filter { $0.value > 0 }.map { (key: $0.key, weight: Amount(units: $0.value)) }
    let unnamed = [pool.day, ExactText(""), ExactText(pool.currency)]
    guard let parts = try? Amount(units: units).split(by: shares) else {
      rows[unnamed, default: .init()].add("\(pool.kind)_direct", units)
      return
    }
    divided.append((pool, units, zip(shares, parts).map { ($0.key, $1.units) }))
    for (share, part) in zip(shares, parts) {
      rows[[pool.day, share.key, ExactText(pool.currency)], default: .init()]
        .add("\(pool.kind)_allocated", part.units)
    }
  }

  /// Debit and credit by day, account and currency.
  static func accounts(_ postings: [Posting]) -> [[ExactText]: [Int128]] {
    var sides: [[ExactText]: [Int128]] = [:]
    func segment(_ name: String?) -> String {
      guard let name, !name.isEmpty else { return "Unattributed" }
      if name == "Unattributed" { return "%55nattributed" }
      if ["Allocated", "Allocation"].contains(name) { return "%41" + name.dropFirst() }
      return name.replacing("%", with: "%25").replacing(":", with: "%3A")
    }
    func line(_ day: ExactText, _ account: String, _ currency: String, _ units: Int128) {
      let place = [day, ExactText(account), ExactText(currency)]
      sides[place, default: [0, 0]][units > 0 ? 0 : 1] += abs(units)
    }
    func name(_ json: JSON?) -> String { segment(json?.string) }
    for posting in postings {
      guard let currency = posting.money?.currency else { continue }
      for (day, units) in posting.days {
        let owed = "Liabilities:Accrued:\(name(posting.data["provider"]))"
        let model = name(posting.data["model"])
        let pair =
          switch posting.type {
          case "completion.recorded": ("Expenses:Inference:\(name(posting.data["provider"])):\(model)", owed)
          case "cost.incurred": ("Expenses:Operating:\(name(posting.data["category"]))", owed)
          default: ("Assets:Receivable", "Income:\(name(posting.data["strategy"])):\(model)")
          }
        line(ExactText(day), pair.0, currency, units)
        line(ExactText(day), pair.1, currency, -units)
      }
    }
    for (pool, units, shares) in FinanceOracle(postings, by: "model", within: ["strategy"]).divided {
      let isRevenue = pool.kind == "revenue"
      let contra =
        isRevenue
        ? "Income:Allocation:\(segment(pool.scope["strategy"]?.string))" : "Expenses:Allocation:\(pool.kind)"
      line(pool.day, contra, pool.currency, isRevenue ? units : -units)
      for (key, part) in shares {
        line(
          pool.day, "\(isRevenue ? "Income" : "Expenses"):Allocated:\(segment(key.string))", pool.currency,
          isRevenue ? -part : part)
      }
    }
    return sides
  }
}

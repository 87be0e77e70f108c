import Domain

/// The books recomputed from the events in plain Swift, event by event, with nothing of the SQL.
enum BookOracle {
  /// Sums of a row; amounts in units of 10^-12, nil while unknown.
  struct Row: Equatable {
    var sums: [String: Int128] = [:]
    mutating func add(_ name: String, _ value: Int128) { sums[name, default: 0] += value }
  }

  /// An entry as it counts: plus for what was recorded, minus for what was reversed.
  struct Entry {
    var sign: Int128
    var type: String
    var data: JSON
    var derived: JSON
  }

  static func entries(_ events: some Sequence<LoggedEvent>) -> [Entry] {
    events.compactMap { event in
      switch event.type {
      case "completion.recorded", "cost.incurred", "revenue.earned":
        return Entry(sign: 1, type: event.type, data: event.data, derived: event.derived ?? .null)
      case "entry.reversed":
        guard let reversed = event.derived?["reversed"], let type = reversed["type"]?.string,
          let data = reversed["data"],
          let derived = reversed["derived"]
        else { return nil }
        return Entry(sign: -1, type: type, data: data, derived: derived)
      default: return nil
      }
    }
  }

  static func money(_ json: JSON?) -> (units: Int128, currency: String)? {
    guard let json, let amount = json["amount"]?.string.flatMap({ Amount($0) }),
      let currency = json["currency"]?.string
    else { return nil }
    return (amount.units, currency)
  }

  /// Spend by a key of each completion.
  static func spend(
    _ events: some Sequence<LoggedEvent>, key: (Entry, _ currency: String) -> [String]
  ) -> [[ExactText]: Row] {
    var rows: [[ExactText]: Row] = [:]
    for entry in entries(events) where entry.type == "completion.recorded" {
      let cost = money(entry.derived["cost"])
      let place = key(entry, cost?.currency ?? "XXX").map { ExactText($0) }
      var row = rows[place] ?? Row()
      row.add("calls", entry.sign)
      row.add("failed_calls", entry.data["status"]?.string == "ok" ? 0 : entry.sign)
      row.add("unpriced_calls", cost == nil ? entry.sign : 0)
      for name in RandomHistory.classes {
        row.add(name, entry.sign * Int128(entry.data["usage"]?[name]?.integer ?? 0))
      }
      if let cost { row.add("cost", entry.sign * cost.units) }
      rows[place] = row
    }
    return rows
  }

  static func day(_ entry: Entry) -> String { entry.derived["posting_date"]?.string ?? "" }

  /// Profit and loss by day, model and currency.
  static func profit(_ events: some Sequence<LoggedEvent>) -> [[ExactText]: Row] {
    var rows: [[ExactText]: Row] = [:]
    for entry in entries(events) {
      let (column, found): (String, (units: Int128, currency: String)?) =
        switch entry.type {
        case "completion.recorded": ("inference_cost", money(entry.derived["cost"]))
        case "cost.incurred": ("operating_cost", money(entry.data["cost"]))
        default: ("revenue_direct", money(entry.data["revenue"]))
        }
      let place = [day(entry), entry.data["model"]?.string ?? "", found?.currency ?? "XXX"].map { ExactText($0) }
      var row = rows[place] ?? Row()
      if let found {
        for name in ["inference_cost", "operating_cost", "revenue_direct"] {
          row.add(name, name == column ? entry.sign * found.units : 0)
        }
      }
      row.add("calls", entry.type == "completion.recorded" ? entry.sign : 0)
      row.add("unpriced_calls", entry.type == "completion.recorded" && found == nil ? entry.sign : 0)
      rows[place] = row
    }
    return rows
  }
}

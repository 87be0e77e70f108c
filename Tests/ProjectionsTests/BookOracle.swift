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
    /// What is booked of a completion.
    var cost: JSON?
    /// The day that the event posts it on: a correction has its own.
    var day: String
  }

  static func entries(_ events: some Sequence<LoggedEvent>) -> [Entry] {
    events.flatMap { event -> [Entry] in
      let day = event.derived?["posting_date"]?.string ?? ""
      switch event.type {
      case "completion.recorded", "cost.incurred", "revenue.earned":
        return [
          Entry(
            sign: 1, type: event.type, data: event.data, derived: event.derived ?? .null,
            cost: event.derived?["cost"], day: day)
        ]
      case "entry.reversed":
        guard let reversed = event.derived?["reversed"], let type = reversed["type"]?.string,
          let data = reversed["data"],
          let derived = reversed["derived"]
        else { return [] }
        return [
          Entry(
            sign: -1, type: type, data: data, derived: derived,
            cost: event.derived?["effective"] ?? derived["cost"], day: day)
        ]
      case "cost.restated", "entry.adjusted":
        guard let entry = event.derived?["entry"], let type = entry["type"]?.string, let data = entry["data"],
          let derived = entry["derived"]
        else { return [] }
        return [(-1, "before"), (1, "after")].map { sign, side in
          Entry(sign: sign, type: type, data: data, derived: derived, cost: event.derived?[side], day: day)
        }
      default: return []
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
      let cost = money(entry.cost)
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

  static func day(_ entry: Entry) -> String { entry.day }
}

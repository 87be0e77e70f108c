import DaybookClient
import Domain

/// Recomputes `daily_spend` from the records of a log, by nothing but usage and its own list of prices.
enum SpendOracle {
  struct Key: Hashable {
    var day: String
    var operation: String
    var model: String
    var provider: String
    var currency: String
  }

  struct Sums: Equatable {
    var calls: Int64 = 0
    var failed: Int64 = 0
    var unpriced: Int64 = 0
    var input: Int64 = 0
    var output: Int64 = 0
    /// In units of 10⁻¹² of the currency; nil where no cost is known.
    var cost: Int64?
  }

  /// 10⁻¹² dollars for a token, by model: so small that every line is exact without rounding.
  private static let tokenPrices: [String: (input: Int64, output: Int64)] = [
    "priced": (150_000, 600_000), "other": (2_700, 10_800),
  ]

  /// The same prices as the ledger is told them: for a million tokens, in whole and fractional dollars.
  static let prices: [JSON] = [
    price("priced", "input_tokens", "0.15"), price("priced", "output_tokens", "0.6"),
    price("other", "input_tokens", "0.0027"), price("other", "output_tokens", "0.0108"),
  ]

  static func recompute(_ records: [LogRecord]) -> [Key: Sums] {
    var sums: [Key: Sums] = [:]
    for record in records where record.type == "completion.recorded" {
      let input = record.data["usage"]?["input_tokens"]?.integer ?? 0
      let output = record.data["usage"]?["output_tokens"]?.integer ?? 0
      let model = record.data["model"]?.string ?? ""
      var cost: Int64?
      var currency = "XXX"
      if let price = tokenPrices[model] {
        (cost, currency) = (input * price.input + output * price.output, "USD")
      } else if let reported = record.data["reported_cost"] {
        (cost, currency) = (trillionths(reported["amount"]?.string), reported["currency"]?.string ?? "")
      }
      let key = Key(
        day: String(record.time.description.prefix(10)), operation: record.data["operation"]?.string ?? "",
        model: model, provider: record.data["provider"]?.string ?? "", currency: currency)
      var sum = sums[key] ?? Sums()
      sum.calls += 1
      sum.failed += record.data["status"]?.string == "ok" ? 0 : 1
      sum.unpriced += cost == nil ? 1 : 0
      sum.input += input
      sum.output += output
      if let cost { sum.cost = (sum.cost ?? 0) + cost }
      sums[key] = sum
    }
    return sums
  }

  /// Reads a decimal as trillionths, without the product's own money.
  static func trillionths(_ text: String?) -> Int64? {
    guard let text else { return nil }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let fraction = parts.count > 1 ? String(parts[1]) : ""
    return Int64(parts[0] + fraction + String(repeating: "0", count: 12 - fraction.count))
  }

  private static func price(_ model: String, _ usageClass: String, _ amount: String) -> JSON {
    .object([
      "model": .text(model), "usage_class": .text(usageClass),
      "price": .object(["amount": .text(amount), "currency": .text("USD")]), "per": .integer(1_000_000),
      "valid_from": .text("1970-01-01T00:00:00Z"),
    ])
  }
}

extension SpendOracle.Key {
  /// Of a row of the book.
  init(_ row: JSON) {
    self.init(
      day: row["day"]?.string ?? "", operation: row["operation"]?.string ?? "", model: row["model"]?.string ?? "",
      provider: row["provider"]?.string ?? "", currency: row["currency"]?.string ?? "")
  }
}

extension SpendOracle.Sums {
  /// Of a row of the book.
  init(_ row: JSON) {
    self.init(
      calls: row["calls"]?.integer ?? -1, failed: row["failed_calls"]?.integer ?? -1,
      unpriced: row["unpriced_calls"]?.integer ?? -1, input: row["input_tokens"]?.integer ?? -1,
      output: row["output_tokens"]?.integer ?? -1, cost: SpendOracle.trillionths(row["cost"]?.string))
  }
}

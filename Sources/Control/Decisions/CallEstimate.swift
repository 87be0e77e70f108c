import Domain

/// The most that a call is expected to use, and to cost, served by one model.
struct CallEstimate: Sendable {
  /// By class; a class that is not known stands in no list.
  var usage: [(usageClass: UsageClass, quantity: Int64)]
  /// nil: not known, as a price is, or how much will be used.
  var cost: Money?
  /// The prices that the cost was computed with.
  var priceIDs: [Int64]

  /// Tokens of all classes; an overflow counts as the largest number.
  var tokens: Int64 {
    usage.reduce(0) { sum, item in
      guard item.usageClass.unit == .token else { return sum }
      let (total, overflows) = sum.addingReportingOverflow(item.quantity)
      return overflows ? .max : total
    }
  }

  /// `{"cost", "usage"}`; no cost where it is not known.
  var json: JSON {
    let classes = usage.map { (key: ExactText($0.usageClass.rawValue), value: JSON.integer($0.quantity)) }
    return .object(["cost": cost?.json, "usage": .object(JSONObject(classes))])
  }

  /// True where a bound reserves less than another; without a bound, nothing is known and nothing can be reserved.
  static func isLower(_ bound: Int64?, than other: Int64?) -> Bool {
    guard let bound else { return false }
    return other.map { bound < $0 } ?? true
  }
}

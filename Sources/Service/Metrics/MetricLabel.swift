/// A label of a metric with what values it can have.
///
/// Every distinct value is a time series that is kept for good, so none may come from a request unbounded.
struct MetricLabel: Sendable {
  enum Values: Sendable {
    /// These alone.
    case closed(Set<String>)
    /// Whatever exists in the deployment, up to a number.
    case upTo(Int)
  }

  /// Stands for every value that is not allowed, or beyond the bound.
  static let other = "other"

  let name: String
  let values: Values

  /// A label with known values.
  static func closed(_ name: String, _ values: some Sequence<String>) -> MetricLabel {
    MetricLabel(name: name, values: .closed(Set(values)))
  }

  /// A label with values that the deployment's own configuration bounds (ledgers, projections).
  static func upTo(_ limit: Int, _ name: String) -> MetricLabel {
    MetricLabel(name: name, values: .upTo(limit))
  }

  /// The value to count under; `seen` are the values taken so far, and is extended.
  func bounded(_ value: String, seen: inout Set<String>) -> String {
    switch values {
    case .closed(let allowed):
      return allowed.contains(value) ? value : Self.other
    case .upTo(let limit):
      if seen.contains(value) { return value }
      if seen.count >= limit { return Self.other }
      seen.insert(value)
      return value
    }
  }
}

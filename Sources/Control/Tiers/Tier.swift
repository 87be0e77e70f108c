/// A class of models that callers may ask for by what they need instead of by name.
public enum Tier: String, Sendable, Hashable, CaseIterable, Comparable {
  case strong, mid, cheap
  /// Every tier, by name.
  static let byName = allCases.sorted()

  /// By name, which is the order of canonical JSON.
  public static func < (left: Tier, right: Tier) -> Bool { left.rawValue < right.rawValue }
}

/// A released version of the FinOps Open Cost and Usage Specification (FOCUS) whose Cost and Usage dataset is written.
public enum FocusVersion: String, Sendable, CaseIterable {
  /// Version 1.2 of June 2025, with `ProviderName` and `PublisherName`.
  case v1_2 = "1.2"
  /// Version 1.4 of June 2026, with `ServiceProviderName` and `HostProviderName` in their place.
  case v1_4 = "1.4"

  /// The newest one.
  public static let newest = FocusVersion.v1_4

  /// The columns, in the order of their names, and behind them Daybook's own.
  public var columns: [FocusColumn] { FocusColumn.allCases.filter { $0.stands(in: self) } }
}

/// A name for how many units a price is for, such as `per_million` tokens or `per_minute` of audio.
///
/// The ledger counts in the units of `UsageClass`, so a price per minute of `audio_ms` is one per 60,000, and exact.
public enum PriceUnit: String, Sendable, Hashable, CaseIterable {
  case token = "per_token"
  case character = "per_character"
  case image = "per_image"
  case request = "per_request"
  case thousand = "per_1000"
  case million = "per_million"
  case billion = "per_billion"
  case trillion = "per_trillion"
  case second = "per_second"
  case minute = "per_minute"
  case hour = "per_hour"

  /// How many units of a class that is; nil where the class is not counted so.
  public func count(of usageClass: UsageClass) -> Int64? {
    switch (self, usageClass.unit) {
    case (.token, .token), (.character, .character), (.image, .image), (.request, .request): 1
    case (.second, .millisecond): 1_000
    case (.minute, .millisecond): 60_000
    case (.hour, .millisecond): 3_600_000
    case (_, .millisecond): nil
    case (.thousand, _): 1_000
    case (.million, _): 1_000_000
    case (.billion, _): 1_000_000_000
    case (.trillion, _): 1_000_000_000_000
    default: nil
    }
  }

  /// The name of a count of units of a class; nil where it has none.
  public init?(per count: Int64, of usageClass: UsageClass) {
    guard let unit = Self.allCases.first(where: { $0.count(of: usageClass) == count }) else { return nil }
    self = unit
  }
}

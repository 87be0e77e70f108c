/// Days of the reporting zone, the first and the last included.
public struct DaySpan: Sendable, Hashable {
  /// The first day.
  public var from: CivilDate
  /// The last day, not before the first.
  public var through: CivilDate

  /// Makes a span; a last day before the first becomes the first.
  public init(from: CivilDate, through: CivilDate) {
    self.from = from
    self.through = max(from, through)
  }

  /// The days that a half-open period touches: an empty one, and one within a day, that day alone.
  ///
  /// A period that ends at the midnight of the zone does not touch the day that begins there.
  public init(of start: Timestamp, to end: Timestamp, in zone: ReportingZone) {
    let last = end > start ? end.advanced(byMicroseconds: -1) : start
    self.init(from: zone.date(of: start), through: zone.date(of: last))
  }

  /// The same days, those before a bound replaced by it.
  public func bounded(by first: CivilDate?) -> DaySpan {
    guard let first else { return self }
    return DaySpan(from: max(from, first), through: max(through, first))
  }

  /// `{"from", "through"}`.
  public var json: JSON { .object(["from": .text(from.description), "through": .text(through.description)]) }

  /// Reads `{"from", "through"}`; nil where it is none.
  public init?(_ json: JSON) {
    guard let from = json["from"]?.string.flatMap({ CivilDate($0) }),
      let through = json["through"]?.string.flatMap({ CivilDate($0) }), through >= from
    else { return nil }
    self.init(from: from, through: through)
  }
}

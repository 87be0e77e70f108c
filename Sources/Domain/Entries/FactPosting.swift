/// On which days the books post a fact.
public struct FactPosting: Sendable, Hashable {
  /// `posting_date`: the zone's date of the fact, or the first open day where that is later.
  public var date: CivilDate
  /// The days over which a cost is spread; nil for other facts.
  public var accrual: DaySpan?
  /// The first open day, where some day of the accrual lies before it: what falls on an earlier day is posted on this one.
  public var notBefore: CivilDate?
  /// The days that an invoice is for; nil for other facts.
  public var period: DaySpan?
  /// True where a closed month took the fact's own day away.
  public var isMoved: Bool

  /// Posts a fact of a day, none of it before the first open day.
  public init(_ day: CivilDate, accrual: DaySpan? = nil, period: DaySpan? = nil, firstOpen: CivilDate? = nil) {
    self.accrual = accrual
    self.period = period
    let first = firstOpen ?? day
    date = max(day, first)
    notBefore = accrual.flatMap { $0.from < first ? first : nil }
    isMoved = day < first
  }

  /// `{"from", "not_before"?, "through"}`: the member `accrual` of what is derived.
  public var accrualJSON: JSON? {
    guard let accrual else { return nil }
    var json = accrual.json
    json["not_before"] = notBefore.map { .text($0.description) }
    return json
  }

  /// Appends the RFC 8785 form of `accrualJSON`, for hot paths.
  func appendAccrual(_ accrual: DaySpan, to bytes: inout [UInt8]) {
    bytes.append(literal: "{\"from\":\"")
    accrual.from.append(to: &bytes)
    if let notBefore {
      bytes.append(literal: "\",\"not_before\":\"")
      notBefore.append(to: &bytes)
    }
    bytes.append(literal: "\",\"through\":\"")
    accrual.through.append(to: &bytes)
    bytes.append(literal: "\"}")
  }
}

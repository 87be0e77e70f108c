public import Domain

/// A moment with the windows that it falls into.
public struct BudgetMoment: Sendable {
  /// How long a reservation lives where nobody says: fifteen minutes.
  public static let reservationLife: Int64 = 15 * 60_000_000

  /// The recorded time.
  public let now: Timestamp
  /// The ledger's reporting time zone.
  public let zone: ReportingZone
  /// When what is reserved now expires.
  public let expiry: Timestamp
  /// The zone's date.
  let date: CivilDate

  /// Makes a moment.
  ///
  /// - Parameter reservationLife: in microseconds.
  public init(
    _ now: Timestamp, zone: ReportingZone, reservationLife: Int64 = BudgetMoment.reservationLife
  ) {
    self.now = now
    self.zone = zone
    expiry = now.advanced(byMicroseconds: reservationLife)
    date = zone.date(of: now)
  }

  /// The window of a period.
  func window(_ period: BudgetPeriod) -> BudgetWindow {
    period == .minute ? BudgetWindow(.minute, at: now, zone: zone) : BudgetWindow(period, on: date)
  }

  /// Milliseconds until a window ends, rounded up; nil for the total.
  func milliseconds(toEndOf window: BudgetWindow) -> Int64? {
    window.end(in: zone).map { max(1, ($0.microseconds(since: now) + 999) / 1_000) }
  }
}

import Domain
import Foundation
import Synchronization

/// Tables of reporting time zones, read from the system's time zone database once a zone.
enum ReportingZones {
  private static let known = Mutex<[String: ReportingZone]>(["UTC": .utc])
  /// The first and the last year whose changes of offset are in a table.
  private static let years = (first: -2_208_988_800.0, last: 4_102_444_800.0)

  /// True for an IANA name that the system knows.
  static func isKnown(_ identifier: String) -> Bool {
    identifier == "UTC"
      || (TimeZone.knownTimeZoneIdentifiers.contains(identifier) && TimeZone(identifier: identifier) != nil)
  }

  /// The table of a zone.
  ///
  /// - Precondition: `isKnown(identifier)`; a ledger's zone was checked when it was opened.
  static func table(_ identifier: String) -> ReportingZone {
    if let table = known.withLock({ $0[identifier] }) { return table }
    guard let zone = TimeZone(identifier: identifier) else {
      preconditionFailure("the time zone database lacks \(identifier), which a ledger was opened with")
    }
    var transitions: [ReportingZone.Transition] = []
    var moment = Date(timeIntervalSince1970: years.first)
    let initial = zone.secondsFromGMT(for: moment)
    while let next = zone.nextDaylightSavingTimeTransition(after: moment), next.timeIntervalSince1970 < years.last {
      transitions.append(
        .init(
          from: Timestamp(microseconds: Int64(next.timeIntervalSince1970) * 1_000_000),
          offset: zone.secondsFromGMT(for: next)))
      moment = next
    }
    let table = ReportingZone(identifier: identifier, initialOffset: initial, transitions: transitions)
    known.withLock { $0[identifier] = table }
    return table
  }
}

public import Domain
import Foundation
import Synchronization

/// Tables of reporting time zones, read from the system's time zone database once a zone.
public enum ReportingZones {
  private static let known = Mutex<[String: ReportingZone]>(["UTC": .utc])
  /// The first and the last year whose changes of offset are in a table.
  private static let years = (first: -2_208_988_800.0, last: 4_102_444_800.0)

  /// Where the system keeps the time zone database.
  private static let folder = "/usr/share/zoneinfo"

  /// True for an IANA name that the system knows.
  ///
  /// Foundation lists one name a zone, often an old one (`Asia/Calcutta`), and knows the others (`Asia/Kolkata`) all the same;
  /// but it also takes what is no name at all, such as `GMT+5:30`. So a name that is not listed must stand in the database.
  public static func isKnown(_ identifier: String) -> Bool {
    if identifier == "UTC" { return true }
    guard isName(identifier), TimeZone(identifier: identifier) != nil else { return false }
    return TimeZone.knownTimeZoneIdentifiers.contains(identifier)
      || FileManager.default.fileExists(atPath: "\(folder)/\(identifier)")
  }

  /// Parts of letters, digits, `_`, `+` and `-`, each with a capital first: what leads out of the folder, and the database's
  /// own files, are none.
  private static func isName(_ identifier: String) -> Bool {
    identifier.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
      guard let first = part.utf8.first, (0x41...0x5A).contains(first) else { return false }
      return part.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || [0x2B, 0x2D, 0x5F].contains(byte)
      }
    }
  }

  /// The table of a zone.
  ///
  /// - Precondition: `isKnown(identifier)`; a ledger's zone was checked when it was opened.
  public static func table(_ identifier: String) -> ReportingZone {
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

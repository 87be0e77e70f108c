import Domain
import Foundation
import Testing

@testable import Service

/// Tables of reporting zones against another implementation of the time zone database.
@Suite struct ReportingZoneTests {
  private static let zones = [
    "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe",
    "Pacific/Apia", "Africa/Casablanca", "America/St_Johns", "Asia/Tehran", "Pacific/Kiritimati", "Europe/Dublin",
    "America/Caracas", "UTC",
  ]

  private static let script = """
    import sys, datetime, zoneinfo
    for line in sys.stdin:
        name, moment = line.split()
        local = datetime.datetime.fromtimestamp(int(moment), zoneinfo.ZoneInfo(name))
        print(int(local.utcoffset().total_seconds()), local.date())
    """

  /// `Asia/Kolkata`, `Europe/Kyiv` and other names of today were refused, as Foundation lists one name a zone, often the old one.
  @Test func everyNameOfTheDatabaseIsKnownAndNothingElse() {
    let known = [
      "UTC", "Asia/Kolkata", "Asia/Calcutta", "Europe/Kyiv", "Europe/Kiev", "Asia/Ho_Chi_Minh", "Asia/Kathmandu",
      "America/Argentina/Buenos_Aires", "America/Nuuk", "Etc/GMT+5", "Europe/Berlin",
    ]
    for name in known { #expect(ReportingZones.isKnown(name), "\(name)") }
    let unknown = [
      "", "Mars/Olympus", "europe/berlin", "GMT+5:30", "UTC+1", "../zoneinfo/UTC", "/UTC", "Europe/", "Europe",
      "posix/UTC", "right/UTC", "tzdata.zi", "posixrules", "Europe/Berlin\u{0}", "Europe/./Berlin",
    ]
    for name in unknown { #expect(!ReportingZones.isKnown(name), "\(name)") }
  }

  @Test func tablesAgreeWithPythonsZoneinfo() async throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("reporting zones of seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    var moments: [(zone: String, second: Int64)] = []
    for zone in Self.zones {
      // 1970 to 2037, and both sides of every change of offset in between.
      moments += (0..<300).map { _ in (zone, Int64.random(in: 0..<2_145_916_800, using: &generator)) }
      for transition in ReportingZones.table(zone).transitions {
        let second = transition.from.microseconds / 1_000_000
        if (1..<2_145_916_800).contains(second) { moments += [(zone, second - 1), (zone, second)] }
      }
    }
    let input = moments.map { "\($0.zone) \($0.second)" }.joined(separator: "\n") + "\n"
    let (status, output) = try await Program.run("/usr/bin/env", ["python3", "-c", Self.script], input: input)
    #expect(status == 0, "\(output.suffix(500))")
    let lines = output.split(separator: "\n")
    #expect(lines.count == moments.count)
    var differences: [String] = []
    for (moment, line) in zip(moments, lines) {
      let table = ReportingZones.table(moment.zone)
      let timestamp = Timestamp(microseconds: moment.second * 1_000_000)
      let ours = "\(table.offset(at: timestamp)) \(table.date(of: timestamp))"
      if ours != line { differences.append("\(moment.zone) \(moment.second): \(ours), Python: \(line)") }
    }
    #expect(differences.isEmpty, "\(differences.count): \(differences.prefix(10))")
  }
}

import Domain
import Foundation
import Testing

@Suite struct ReportingZoneTests {
  /// Berlin's changes of 2023 and 2024.
  private let berlin = ReportingZone(
    identifier: "Europe/Berlin", initialOffset: 3600,
    transitions: [
      .init(from: Timestamp(rfc3339: "2023-03-26T01:00:00Z")!, offset: 7200),
      .init(from: Timestamp(rfc3339: "2023-10-29T01:00:00Z")!, offset: 3600),
      .init(from: Timestamp(rfc3339: "2024-03-31T01:00:00Z")!, offset: 7200),
      .init(from: Timestamp(rfc3339: "2024-10-27T01:00:00Z")!, offset: 3600),
    ])

  @Test(
    "a moment falls on the zone's day, on both sides of midnight and of each change",
    arguments: [
      ("2023-01-01T22:59:59.999999Z", "2023-01-01"), ("2023-01-01T23:00:00Z", "2023-01-02"),
      ("2023-07-01T21:59:59.999999Z", "2023-07-01"), ("2023-07-01T22:00:00Z", "2023-07-02"),
      ("2023-03-25T22:59:59Z", "2023-03-25"), ("2023-03-25T23:00:00Z", "2023-03-26"),
      ("2023-03-26T21:59:59Z", "2023-03-26"), ("2023-03-26T22:00:00Z", "2023-03-27"),
      ("2023-10-29T22:59:59Z", "2023-10-29"), ("2023-10-29T23:00:00Z", "2023-10-30"),
      ("2025-07-01T22:30:00Z", "2025-07-01"), ("1969-12-31T23:30:00Z", "1970-01-01"),
    ])
  func dates(moment: String, day: String) throws {
    #expect(berlin.date(of: try #require(Timestamp(rfc3339: moment))).description == day)
  }

  @Test("the change itself belongs to the new offset")
  func changes() throws {
    let change = try #require(Timestamp(rfc3339: "2023-03-26T01:00:00Z"))
    #expect(berlin.offset(at: change) == 7200)
    #expect(berlin.offset(at: change.advanced(byMicroseconds: -1)) == 3600)
  }

  @Test("a day west of UTC begins later")
  func west() throws {
    let zone = ReportingZone(identifier: "America/Los_Angeles", initialOffset: -28_800, transitions: [])
    #expect(zone.date(of: try #require(Timestamp(rfc3339: "2023-11-16T07:59:59Z"))).description == "2023-11-15")
    #expect(ReportingZone.utc.date(of: Timestamp(microseconds: -1)).description == "1969-12-31")
  }

  @Test("the last moment has a day in every zone")
  func edges() {
    let east = ReportingZone(identifier: "Pacific/Kiritimati", initialOffset: 50_400, transitions: [])
    #expect(east.date(of: .latest).description == "9999-12-31")
    let west = ReportingZone(identifier: "Pacific/Pago_Pago", initialOffset: -39_600, transitions: [])
    #expect(west.date(of: .earliest).description == "0001-01-01")
  }
}

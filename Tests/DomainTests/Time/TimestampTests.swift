import Domain
import Foundation
import Testing

@Suite struct TimestampTests {
  @Test(
    "RFC 3339 is read in any offset and printed in UTC with six digits",
    arguments: [
      ("1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00.000000Z"),
      ("1970-01-01t00:00:00z", 0, "1970-01-01T00:00:00.000000Z"),
      ("1969-12-31T23:59:59.999999Z", -1, "1969-12-31T23:59:59.999999Z"),
      // Digits beyond the sixth are cut off towards the past, before 1970 too.
      ("1969-12-31T23:59:59.9999999Z", -1, "1969-12-31T23:59:59.999999Z"),
      ("1969-12-31T23:59:59.0000009Z", -1_000_000, "1969-12-31T23:59:59.000000Z"),
      ("2023-11-16T18:15:46.6805900Z", 1_700_158_546_680_590, "2023-11-16T18:15:46.680590Z"),
      ("2023-11-16T18:15:46.5Z", 1_700_158_546_500_000, "2023-11-16T18:15:46.500000Z"),
      ("2023-11-16T20:15:46+02:00", 1_700_158_546_000_000, "2023-11-16T18:15:46.000000Z"),
      ("2023-11-16T12:45:46-05:30", 1_700_158_546_000_000, "2023-11-16T18:15:46.000000Z"),
      ("2024-02-29T23:59:59+23:59", 1_709_164_859_000_000, "2024-02-29T00:00:59.000000Z"),
      ("2000-01-01T00:00:00-00:00", 946_684_800_000_000, "2000-01-01T00:00:00.000000Z"),
      ("0001-01-01T00:00:00Z", -62_135_596_800_000_000, "0001-01-01T00:00:00.000000Z"),
      ("9999-12-31T23:59:59.9999999999999999999Z", 253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z"),
      ("9999-12-31T23:59:59+00:01", 253_402_300_739_000_000, "9999-12-31T23:58:59.000000Z"),
    ] as [(String, Int64, String)])
  func reads(text: String, microseconds: Int64, printed: String) throws {
    let moment = try #require(Timestamp(rfc3339: text))
    #expect(moment.microseconds == microseconds)
    #expect(moment.description == printed)
    #expect(Timestamp(rfc3339: Array(text.utf8)) == moment)
  }

  @Test(
    "what is no moment is refused",
    arguments: [
      "", "2023-11-16", "2023-11-16T18:15:46", "2023-11-16 18:15:46Z", "2023-11-16T18:15Z", "2023-11-16T18:15:46.Z",
      "2023-11-16T18:15:46.5", "2023-11-16T18:15:60Z", "2016-12-31T23:59:60Z", "2023-11-16T24:00:00Z",
      "2023-11-16T18:60:00Z", "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2023-13-01T00:00:00Z",
      "2023-00-01T00:00:00Z", "2023-01-00T00:00:00Z", "2023-04-31T00:00:00Z", "0000-12-31T00:00:00Z",
      "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "10000-01-01T00:00:00Z", "-001-01-01T00:00:00Z",
      "2023-11-16T18:15:46+0200", "2023-11-16T18:15:46+02", "2023-11-16T18:15:46+24:00", "2023-11-16T18:15:46+02:60",
      "2023-11-16T18:15:46Z ", " 2023-11-16T18:15:46Z", "2023-11-16T18:15:46ZZ", "2023-11-16T18:15:46+02:00Z",
      "2023-1１-16T18:15:46Z", "2023/11/16T18:15:46Z", "2023-11-16T18:15:46,5Z", "2023-11-16T1a:15:46Z",
      "+023-11-16T18:15:46Z",
      "2023-11-16T18:15:46.1234567890123456789012345678901234567890123456789Z",
    ])
  func refuses(text: String) {
    #expect(Timestamp(rfc3339: text) == nil)
  }

  @Test("printing agrees with the C library and reads back, for random moments of all ten thousand years")
  func agreesWithTheCLibrary() throws {
    let seed: UInt64 = .random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    for _ in 0..<3_000 {
      let moment = Timestamp(
        microseconds: .random(
          in: Timestamp.earliest.microseconds...Timestamp.latest.microseconds, using: &random))
      var seconds = time_t((Double(moment.microseconds) / 1_000_000).rounded(.down))
      let fraction = moment.microseconds - Int64(seconds) * 1_000_000
      // The double is exact to a second over this range but for its last places: step to the floor.
      if fraction < 0 { seconds -= 1 } else if fraction >= 1_000_000 { seconds += 1 }
      var parts = tm()
      gmtime_r(&seconds, &parts)
      let text = String(
        format: "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1,
        Int(parts.tm_mday), Int(parts.tm_hour), Int(parts.tm_min), Int(parts.tm_sec),
        Int(moment.microseconds - Int64(seconds) * 1_000_000))
      #expect(moment.description == text, "seed \(seed)")
      #expect(Timestamp(rfc3339: text) == moment, "seed \(seed)")
    }
  }

  @Test("moving a moment stays within what can be written down")
  func advancing() {
    let moment = Timestamp(microseconds: 5)
    #expect(moment.advanced(bySeconds: -1).microseconds == -999_995)
    #expect(moment.advanced(bySeconds: .max) == .latest)
    #expect(moment.advanced(bySeconds: .min) == .earliest)
    #expect(moment.advanced(byMicroseconds: .max) == .latest)
    #expect(Timestamp.latest.advanced(byMicroseconds: 1) == .latest)
    #expect(moment.microseconds(since: Timestamp(microseconds: 7)) == -2)
    #expect(Timestamp(microseconds: .max).microseconds(since: Timestamp(microseconds: .min)) == .max)
    #expect(Timestamp(microseconds: .max).description == Timestamp.latest.description)
    #expect(Timestamp(microseconds: .min).description == Timestamp.earliest.description)
  }
}

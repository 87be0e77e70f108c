import Domain
import Postgres
import TestKit
import Testing

@Suite("Splitting in SQL")
struct SplitTests {
  @Test("adds up to the last digit, and is Domain's split, for negative amounts too")
  func allocation() async throws {
    try await withDatabase { settings in
      var settings = settings
      settings.role = "daybook_projector"
      let connection = try Connection(settings)
      var random = SeededGenerator(seed: 5)
      for _ in 0..<300 {
        let units = Int128(Int64.random(in: -9_000_000_000_000_000...9_000_000_000_000_000, using: &random))
        let amount = Amount(units: units * (Bool.random(using: &random) ? 1 : 99_999_999_999))
        let weights = (0..<Int.random(in: 1...9, using: &random)).map { _ in
          Amount(units: Int128(max(0, Int64.random(in: -3...9, using: &random))) * 333_333_333_333)
        }
        let rows = try connection.execute(
          """
          SELECT share::text, (daybook.allocate($1::text::numeric, $2::text[]::numeric[]) IS NULL)::text
          FROM unnest(coalesce(daybook.allocate($1::text::numeric, $2::text[]::numeric[]), '{0}')) AS parts (share)
          """, [.text(amount.description), .texts(weights.map(\.description))])
        let keys = weights.enumerated().map { (key: ExactText("k\($0.offset)"), weight: $0.element) }
        guard let expected = try? amount.split(by: keys) else {
          #expect(rows.string(0, 1) == "true")
          continue
        }
        let found = (0..<rows.count).map { Amount(rows.string($0, 0))?.units }
        #expect(found == expected.map(\.units))
        #expect(found.reduce(0) { $0 + ($1 ?? 0) } == amount.units)
      }
    }
  }

  private func accrue(
    _ amount: String, _ from: String, _ through: String, notBefore: String? = nil, on connection: Connection
  ) throws -> [String] {
    let rows = try connection.execute(
      """
      SELECT day::text || ' ' || trim_scale(share)::text
      FROM daybook.accrue($1::text::numeric, $2::text::date, $3::text::date, $4::text::date)
      ORDER BY day
      """, [.text(amount), .text(from), .text(through), notBefore.map { .text($0) } ?? .null])
    return (0..<rows.count).map { rows.string($0, 0) }
  }

  @Test("spreads costs over days: golden cases")
  func accrual() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      // Over the end of a year; 100 / 3 = 33.333333333333 and a unit is left for the earliest day.
      #expect(
        try accrue("100", "2026-12-30", "2027-01-01", on: connection)
          == ["2026-12-30 33.333333333334", "2026-12-31 33.333333333333", "2027-01-01 33.333333333333"])
      // 2028 is a leap year: three days; 2026 is not: two. A credit is split with its sign put back.
      #expect(
        try accrue("-1", "2028-02-28", "2028-03-01", on: connection)
          == ["2028-02-28 -0.333333333334", "2028-02-29 -0.333333333333", "2028-03-01 -0.333333333333"])
      #expect(
        try accrue("1", "2026-02-28", "2026-03-01", on: connection) == ["2026-02-28 0.5", "2026-03-01 0.5"])
      // Shorter than a day, or empty: that day.
      #expect(try accrue("0.7", "2026-03-08", "2026-03-08", on: connection) == ["2026-03-08 0.7"])
      // The clocks went forward on the second day: it has 23 hours and counts as a day like the others.
      #expect(
        try accrue("3", "2026-03-07", "2026-03-09", on: connection)
          == ["2026-03-07 1", "2026-03-08 1", "2026-03-09 1"])
      // 31 days from 17 January: the 15 of January are closed and fall on 1 February, with its own: 16.
      let late = try accrue("31", "2026-01-17", "2026-02-16", notBefore: "2026-02-01", on: connection)
      #expect(late.count == 16 && late.first == "2026-02-01 16" && late.last == "2026-02-16 1")
      // All of it is closed.
      #expect(
        try accrue("0.000000000002", "2026-01-01", "2026-01-31", notBefore: "2026-03-01", on: connection)
          == ["2026-03-01 0.000000000002"])
      // Fewer units than days: the first days get them.
      let few = try accrue("0.000000000002", "2026-01-01", "2026-01-03", on: connection)
      #expect(few == ["2026-01-01 0.000000000001", "2026-01-02 0.000000000001", "2026-01-03 0"])
    }
  }

  @Test("rounds once, half to even")
  func rounding() async throws {
    try await withDatabase { settings in
      var settings = settings
      settings.role = "daybook_reader"
      let connection = try Connection(settings)
      for (expression, expected) in [
        // 2.5 and 3.5 units go to the even neighbour, on both sides of zero.
        ("daybook.half_even(5, 2)", "2"), ("daybook.half_even(7, 2)", "4"), ("daybook.half_even(-5, 2)", "-2"),
        ("daybook.half_even(8, 3)", "3"), ("daybook.half_even(7, 3)", "2"),
        // 10 EUR at 1.1; 100 JPY where one USD is 150 JPY: 0.6666…67 USD.
        ("daybook.convert(10, 1.1, false)", "11"), ("daybook.convert(100, 150, true)", "0.666666666667"),
        // 0.000000000001 at 0.5 is half a unit: to even, nothing; three units give two.
        ("daybook.convert(0.000000000001, 0.5, false)", "0"),
        ("daybook.convert(0.000000000003, 0.5, false)", "0.000000000002"),
        // Ten days of 31: 10 times 31 by 10.
        ("daybook.prorate(10, 31, 10)", "31"), ("daybook.prorate(1, 30, 7)", "4.285714285714"),
        ("daybook.share_of(1, 3)", "0.333333"), ("daybook.share_of(-2, 3)", "-0.666667"),
        ("daybook.share_of(1, -8)", "-0.125"), ("daybook.share_of(1, 0)", "unknown"),
      ] {
        let found = try connection.execute("SELECT coalesce(trim_scale(\(expression))::text, 'unknown')").string(0, 0)
        #expect(found == expected, "\(expression)")
      }
    }
  }
}

import Control
import Domain
import Testing

@Suite("What is derived from a fact")
struct DerivationTests {
  static let time = Timestamp(rfc3339: "2026-03-01T23:30:00Z")!
  static let berlin = ReportingZone(identifier: "Europe/Berlin", initialOffset: 3600, transitions: [])

  private func state() throws -> ControlState {
    var ledger = TestLedger()
    try ledger.run(
      .listPrices([
        listedPrice("m", "input_tokens", "0.0027"), listedPrice("m", "output_tokens", "0.0108"),
        listedPrice("m", "requests", "0.5", per: 1, provider: "acme"),
        listedPrice("e", "input_tokens", "1", currency: "EUR"), listedPrice("e", "output_tokens", "1"),
      ]), by: .key("ann"))
    return ledger.state
  }

  private func draft(_ type: String, _ body: String) throws -> EventDraft {
    let document = try JSONDocument(Array(body.utf8))
    return EventDraft(
      id: "e", source: "/s", type: type, subject: "call/1", body: document.root, data: document.root.canonical,
      personal: nil, persons: [])
  }

  private func derived(
    _ type: String, _ body: String, zone: ReportingZone = .utc, recordedAfterDays days: Double = 0
  ) throws -> String {
    let state = try state()
    let draft = try draft(type, body)
    let recorded = Timestamp(microseconds: Self.time.microseconds + Int64(days * 86_400_000_000))
    let value = state.derive(draft, occurredAt: Self.time, recordedAt: recorded, zone: zone)
    let bytes = state.conclude(
      draft, occurredAt: Self.time, recordedAt: recorded, zone: zone, persons: [], by: nil
    ).derived
    #expect(value?.canonical == bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(
    "a completion costs what the prices of its time say, else what was reported, else it is unpriced",
    arguments: [
      (
        #"{"model":"m","usage":{"input_tokens":374,"output_tokens":44}}"#,
        #"{"basis":"computed","cost":{"amount":"0.000001485","currency":"USD"},"lines":["#
          + #"{"amount":"0.0000010098","class":"input_tokens","per":1000000,"price":"0.0027","price_id":1,"quantity":374},"#
          + #"{"amount":"0.0000004752","class":"output_tokens","per":1000000,"price":"0.0108","price_id":2,"quantity":44}],"#
          + #""posting_date":"2026-03-01"}"#
      ),
      (
        #"{"model":"m","provider":"acme","usage":{"requests":2},"reported_cost":{"amount":"9","currency":"EUR"}}"#,
        #"{"basis":"computed","cost":{"amount":"1","currency":"USD"},"lines":["#
          + #"{"amount":"1","class":"requests","per":1,"price":"0.5","price_id":3,"quantity":2}],"posting_date":"2026-03-01"}"#
      ),
      (
        #"{"model":"m","provider":"other","usage":{"requests":2},"reported_cost":{"amount":"9","currency":"EUR"}}"#,
        #"{"basis":"reported","cost":{"amount":"9","currency":"EUR"},"posting_date":"2026-03-01"}"#
      ),
      (#"{"model":"n","usage":{"input_tokens":1}}"#, #"{"posting_date":"2026-03-01","unpriced":true}"#),
      (
        #"{"model":"e","usage":{"input_tokens":1,"output_tokens":1}}"#,
        #"{"posting_date":"2026-03-01","unpriced":true}"#
      ),
      (
        #"{"model":"m","usage_source":"absent","usage":{"input_tokens":1}}"#,
        #"{"posting_date":"2026-03-01","unpriced":true}"#
      ),
      (#"{"model":"m"}"#, #"{"posting_date":"2026-03-01","unpriced":true}"#),
    ])
  func completions(body: String, expected: String) throws {
    #expect(try derived("completion.recorded", body) == expected)
  }

  @Test("reasoning without a price of its own takes the output price")
  func reasoning() throws {
    let text = try derived("completion.recorded", #"{"model":"m","usage":{"reasoning_tokens":1000000}}"#)
    #expect(text.contains(#""cost":{"amount":"0.0108","currency":"USD"}"#))
    #expect(text.contains(#""price_id":2"#))
  }

  @Test(
    "is posted to the zone's day of its time, of `earned_at` for a revenue, of `period_start` for a cost",
    arguments: [
      ("route.decided", "{}", "2026-03-02"), ("x.mine", "{}", "2026-03-02"),
      ("revenue.earned", #"{"earned_at":"2026-01-31T23:00:00Z"}"#, "2026-02-01"),
      ("cost.incurred", #"{"period_start":"2026-01-31T22:59:59Z"}"#, "2026-01-31"),
      ("cost.incurred", #"{"period_start":"2026-01-05"}"#, "2026-01-05"),
    ])
  func postingDate(type: String, body: String, day: String) throws {
    #expect(try derived(type, body, zone: Self.berlin) == #"{"posting_date":"\#(day)"}"#)
  }

  @Test("is flagged late once seven days have gone by")
  func late() throws {
    #expect(try derived("x.mine", "{}", recordedAfterDays: 7) == #"{"posting_date":"2026-03-01"}"#)
    #expect(try derived("x.mine", "{}", recordedAfterDays: 7.000001) == #"{"late":true,"posting_date":"2026-03-01"}"#)
  }

  @Test("holds the tokens of persons, by pointer in canonical order")
  func persons() throws {
    let bytes = try state().conclude(
      try draft("x.mine", "{}"), occurredAt: Self.time, recordedAt: Self.time, zone: .utc,
      persons: [("/user", "p_u"), ("/session", "p_s")], by: nil
    ).derived
    #expect(
      String(decoding: bytes, as: UTF8.self)
        == #"{"persons":{"/session":"p_s","/user":"p_u"},"posting_date":"2026-03-01"}"#)
  }
}

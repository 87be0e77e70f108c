import Testing

@testable import Domain

@Suite struct CloudEventWriterTests {
  /// JSON text as Postgres spells jsonb: keys by length then bytes, spaces behind colons and commas.
  private static func spelledByPostgres(_ value: JSON) -> String {
    switch value {
    case .array(let values): "[" + values.map(spelledByPostgres).joined(separator: ", ") + "]"
    case .object(let members):
      "{"
        + members.sorted { ($0.key.string.utf8.count, $0.key.string) < ($1.key.string.utf8.count, $1.key.string) }.map
      {
        RandomJSON.oracle(.string($0.key)) + ": " + spelledByPostgres($0.value)
      }.joined(separator: ", ") + "}"
    default: RandomJSON.oracle(value)
    }
  }

  private static func readBack(_ event: RecordedEvent) throws -> RecordedEvent {
    var event = event
    event.data = Array(spelledByPostgres(try JSON(parsing: event.data)).utf8)
    if let personal = event.personal { event.personal = Array(spelledByPostgres(try JSON(parsing: personal)).utf8) }
    return event
  }

  static let samples = [
    SampleEvents.completion, SampleEvents.cost, SampleEvents.revenue, SampleEvents.route, SampleEvents.own,
    SampleEvents.own.replacingFirst(#""n":[1,2,{"a":null}],"#, with: ""),
  ]

  @Test(arguments: samples) func `an event goes out as it came in`(_ text: String) throws {
    let draft = try SampleEvents.draft(text)
    for event in [SampleEvents.recorded(draft), try Self.readBack(SampleEvents.recorded(draft))] {
      var bytes: [UInt8] = []
      event.appendCloudEvent(to: &bytes)
      let out = try JSON(parsing: bytes)
      let came = try JSON(parsing: Array(text.utf8))
      #expect(out["data"] == came["data"])
      for name in ["id", "source", "type", "subject", "specversion", "correlationid", "traceparent"] {
        #expect(out[name] == came[name], "\(name)")
      }
      #expect(
        out["ledger"]?.string == "main" && out["position"]?.string == "42" && out["subjectsequence"]?.string == "2")
      #expect(
        out["actor"]?.string == "k1" && out["actorkind"]?.string == "service" && out["typeversion"]?.integer == 1)
      #expect(out["recordedtime"]?.string == event.recordedAt.description)
      #expect(out["time"]?.string == event.occurredAt.description)
      #expect(out["datacontenttype"]?.string == "application/json")
    }
  }

  @Test func `a record has the event and what was derived`() throws {
    let draft = try SampleEvents.draft(SampleEvents.route)
    var bytes: [UInt8] = []
    SampleEvents.recorded(draft, derived: #"{"posting_date": "2026-01-02"}"#).appendRecord(to: &bytes)
    let record = try JSON(parsing: bytes)
    #expect(record["derived"]?["posting_date"]?.string == "2026-01-02")
    #expect(record["event"]?["id"]?.string == "d1")
    bytes = []
    SampleEvents.recorded(draft).appendRecord(to: &bytes)
    #expect(try JSON(parsing: bytes)["derived"] == .object([:] as [ExactText: JSON]))
  }

  @Test func `an erased event goes out without its personal part`() throws {
    var event = SampleEvents.recorded(try SampleEvents.draft(SampleEvents.completion))
    event.personal = nil
    event.salt = nil
    #expect(event.joinedData == event.data)
  }

  @Test func `identity compares content and nothing else`() throws {
    let draft = try SampleEvents.draft(SampleEvents.completion)
    let recorded = SampleEvents.recorded(draft)
    #expect(draft.differences(from: recorded).isEmpty)
    #expect(draft.differences(from: try Self.readBack(recorded)).isEmpty, "in Postgres's spelling")

    var other = recorded
    other.type = "cost.incurred"
    other.typeVersion = 2
    other.subject = "call/8"
    other.correlationID = nil
    other.causationID = "c"
    other.occurredAt = Timestamp(microseconds: 0)
    other.data = Array("{}".utf8)
    other.traceparent = nil
    other.actor = "k2"
    other.position = 1
    #expect(
      draft.differences(from: other) == [
        "type", "typeversion", "subject", "correlationid", "causationid", "time", "data",
      ])
  }

  @Test func `a missing time is compared with the recorded one`() throws {
    let draft = try SampleEvents.draft(SampleEvents.cost)
    var recorded = SampleEvents.recorded(draft)
    #expect(draft.time == nil && draft.differences(from: recorded).isEmpty)
    recorded.occurredAt = Timestamp(microseconds: 5)
    #expect(draft.differences(from: recorded) == ["time"])
  }

  @Test func `an erased personal part is not compared, any other is`() throws {
    let draft = try SampleEvents.draft(SampleEvents.completion)
    var erased = SampleEvents.recorded(draft)
    erased.personal = nil
    erased.salt = nil
    #expect(draft.differences(from: erased).isEmpty)
    var never = erased
    never.personalHash = nil
    #expect(draft.differences(from: never) == ["data"])
    let bob = try SampleEvents.draft(SampleEvents.completion.replacingFirst("alice", with: "bob"))
    #expect(bob.differences(from: SampleEvents.recorded(draft)) == ["data"])
    #expect(bob.differences(from: erased).isEmpty)
    let nobody = try SampleEvents.draft(SampleEvents.route)
    #expect(nobody.differences(from: SampleEvents.recorded(nobody)).isEmpty)
  }
}

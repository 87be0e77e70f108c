import Testing

@testable import Domain

/// A change of a sample event, and the faults it must have, each as `code pointer`.
struct BadEvent: Sendable, CustomTestStringConvertible {
  var text: String
  var faults: [String]
  var change: String

  init(_ sample: String, _ old: String, _ new: String, _ faults: String...) {
    precondition(sample.contains(old), "the sample has no \(old)")
    text = sample.replacingFirst(old, with: new)
    change = "\(old) → \(new.prefix(60))"
    self.faults = faults
  }
  var testDescription: String { change }
}

extension String {
  func replacingFirst(_ old: String, with new: String) -> String {
    guard let range = firstRange(of: old) else { return self }
    return String(self[..<range.lowerBound]) + new + String(self[range.upperBound...])
  }
}

@Suite struct CloudEventReaderTests {
  private static let c = SampleEvents.completion

  static let badEnvelopes: [BadEvent] = [
    BadEvent(c, #""specversion":"1.0","#, "", "required /specversion"),
    BadEvent(c, #""specversion":"1.0""#, #""specversion":"0.3""#, "specversion /specversion"),
    BadEvent(c, #""id":"0197-a","#, "", "required /id"), BadEvent(c, #""0197-a""#, "7", "type /id"),
    BadEvent(c, "0197-a", "", "length /id"), BadEvent(c, "0197-a", String(repeating: "i", count: 129), "length /id"),
    BadEvent(c, "0197-a", "é", "pattern /id"), BadEvent(c, "0197-a", #"a\u0007"#, "pattern /id"),
    BadEvent(c, #""source":"/gateway/eu","#, "", "required /source"),
    BadEvent(c, "/gateway/eu", String(repeating: "s", count: 257), "length /source"),
    BadEvent(c, "/gateway/eu", "/gä", "pattern /source"),
    // Identities that the ledger gives to what falls due and to what commands cause.
    BadEvent(c, "/gateway/eu", "/daybook/ledger", "reserved /source"),
    BadEvent(c, "/gateway/eu", "/daybook/commands/abcdefghijkl", "reserved /source"),
    BadEvent(c, "/gateway/eu", "/daybook/decisions", "reserved /source"),
    BadEvent(c, "/gateway/eu", "/daybook/decisions/effects", "reserved /source"),
    BadEvent(c, #""type":"completion.recorded","#, "", "required /type"),
    BadEvent(c, "completion.recorded", "completion.imagined", "unknown-type /type"),
    BadEvent(c, "completion.recorded", "x.", "unknown-type /type"),
    BadEvent(c, "completion.recorded", "x.a b", "unknown-type /type"),
    BadEvent(c, "completion.recorded", "price.listed", "command-only /type"),
    BadEvent(c, "completion.recorded", "killswitch.activated", "command-only /type"),
    BadEvent(c, "completion.recorded", "key.issued", "command-only /type"),
    BadEvent(c, #""subject":"call/7","#, "", "required /subject"),
    BadEvent(c, #""subject":"call/7""#, #""subject":"cost/7""#, "subject /subject"),
    BadEvent(c, #""subject":"call/7""#, #""subject":"call/""#, "subject /subject"),
    BadEvent(c, #""subject":"call/7""#, #""subject":"call/ü""#, "pattern /subject"),
    BadEvent(c, "call/7", "call/" + String(repeating: "7", count: 252), "length /subject"),
    BadEvent(c, "2026-01-02T03:04:05.123456Z", "2026-01-02 03:04:05", "timestamp /time"),
    BadEvent(c, "2026-01-02T03:04:05.123456Z", "2026-02-30T03:04:05Z", "timestamp /time"),
    BadEvent(c, #""2026-01-02T03:04:05.123456Z""#, "1767323045", "type /time"),
    BadEvent(c, "application/json", "text/plain", "datacontenttype /datacontenttype"),
    BadEvent(c, "run-1", "", "length /correlationid"), BadEvent(c, #""run-1""#, "[]", "type /correlationid"),
    BadEvent(c, "00-4bf9", "ff-4bf9", "traceparent /traceparent"),
    BadEvent(c, "-01\"", "-1\"", "traceparent /traceparent"),
    BadEvent(c, "00f067aa0ba902b7", "0000000000000000", "traceparent /traceparent"),
    BadEvent(c, "4bf92f3577b34da6", "4BF92F3577B34DA6", "traceparent /traceparent"),
    BadEvent(c, #""id":"#, #""expectedsequence":-1,"id":"#, "range /expectedsequence"),
    BadEvent(c, #""id":"#, #""expectedsequence":"01","id":"#, "range /expectedsequence"),
    BadEvent(c, #""id":"#, #""expectedsequence":true,"id":"#, "range /expectedsequence"),
    BadEvent(c, #""id":"#, #""expectedsequence":1.0,"id":"#, "float /expectedsequence"),
    BadEvent(c, #""id":"#, #""typeversion":2,"id":"#, "unknown-version /typeversion"),
    BadEvent(c, #""id":"#, #""typeversion":"0","id":"#, "range /typeversion"),
    BadEvent(c, #""id":"#, #""data_base64":"AA==","id":"#, "unknown-attribute /data_base64"),
    BadEvent(c, #""id":"#, #""position":"7","id":"#, "unknown-attribute /position"),
    BadEvent(c, #""id":"#, #""a/b":1,"id":"#, "unknown-attribute /a~1b"),
    BadEvent(c, #""id":"#, #""id":"x","id":"#, "duplicate-key /id"),
    BadEvent(SampleEvents.own, "order/9", "entry/9", "subject /subject"),
    BadEvent(SampleEvents.own, "order/9", "approval/9", "subject /subject"),
    BadEvent(SampleEvents.own, "[1,2,", "[1.5,-0,", "float /data/n/0", "negative-zero /data/n/1"),
    BadEvent(SampleEvents.own, #""data":{"#, #""data":[{"#, "syntax /data"),
    BadEvent(SampleEvents.own, SampleEvents.own, "[]", "type "),
    BadEvent(SampleEvents.own, #","data":{"n":[1,2,{"a":null}],"personal":{"who":"bob"}}"#, "", "required /data"),
    BadEvent(SampleEvents.own, #"{"n":[1,2,{"a":null}],"personal":{"who":"bob"}}"#, "7", "type /data"),
    BadEvent(
      SampleEvents.own, #""n":[1,2,{"a":null}]"#, "\"n\":\"" + String(repeating: "n", count: 49_152) + "\"",
      "data-size /data"),
    // Everything at once.
    BadEvent(
      c, #""id":"0197-a","source":"/gateway/eu","type":"completion.recorded","subject":"call/7""#,
      #""id":"","type":"completion.recorded","subject":"x","extra":1"#, "unknown-attribute /extra", "length /id",
      "required /source", "subject /subject"),
  ]

  static let badData: [BadEvent] = [
    BadEvent(c, #""operation":"chat_message","#, "", "required /data/operation"),
    BadEvent(c, #""model":"deepseek","#, #""model":null,"#, "type /data/model"),
    BadEvent(c, #""model":"deepseek""#, #""model":"deep seek""#, "pattern /data/model"),
    BadEvent(c, #""model":"deepseek""#, #""model":"""#, "length /data/model"),
    BadEvent(c, #""provider":"deepseek","#, "", "required /data/provider"),
    BadEvent(c, #""attempt":1"#, #""attempt":0"#, "range /data/attempt"),
    BadEvent(c, #""attempt":1"#, #""attempt":"1""#, "type /data/attempt"),
    BadEvent(c, #""attempt":1"#, #""attempt":1.0"#, "float /data/attempt"),
    BadEvent(c, #""status":"ok""#, #""status":"fine""#, "enum /data/status"),
    BadEvent(c, #""status":"ok""#, #""status":1"#, "type /data/status"),
    BadEvent(c, #""input_tokens":1200"#, #""input_tokens":-1"#, "range /data/usage/input_tokens"),
    BadEvent(
      c, #""input_tokens":1200"#, #""input_tokens":9007199254740993"#, "integer-range /data/usage/input_tokens"),
    BadEvent(c, #""input_tokens":1200"#, #""prompt_tokens":1200"#, "unknown-field /data/usage/prompt_tokens"),
    BadEvent(c, #"{"input_tokens":1200,"output_tokens":340,"cache_read_tokens":0}"#, "[]", "type /data/usage"),
    BadEvent(c, #""usage_source":"provider","#, "", "required /data/usage_source"),
    BadEvent(c, #""latency_ms":812"#, #""latency_ms":812,"prompt":"secret""#, "unknown-field /data/prompt"),
    BadEvent(c, #""latency_ms":812"#, #""latency_ms":812,"a~/":1"#, "unknown-field /data/a~0~1"),
    BadEvent(c, #""user":"alice""#, #""user":"""#, "length /data/user"),
    BadEvent(c, #""user":"alice""#, "\"user\":\"" + String(repeating: "ü", count: 257) + "\"", "length /data/user"),
    BadEvent(c, #"{"env":"prod"}"#, #"{"env":1}"#, "type /data/tags/env"),
    BadEvent(c, #"{"env":"prod"}"#, #"{"":"x"}"#, "length /data/tags/"),
    BadEvent(
      c, #"{"env":"prod"}"#, "{" + (0..<17).map { "\"t\($0)\":\"v\"" }.joined(separator: ",") + "}",
      "length /data/tags"),
    BadEvent(c, #""0.00123""#, "0.00123", "float /data/reported_cost/amount"),
    BadEvent(c, #""0.00123""#, "1", "type /data/reported_cost/amount"),
    BadEvent(c, "0.00123", "0.001230", "amount /data/reported_cost/amount"),
    BadEvent(c, "0.00123", "-1", "amount /data/reported_cost/amount"),
    BadEvent(c, "0.00123", "1.", "amount /data/reported_cost/amount"),
    BadEvent(c, "0.00123", ".5", "amount /data/reported_cost/amount"),
    BadEvent(c, "0.00123", "01", "amount /data/reported_cost/amount"),
    BadEvent(c, "0.00123", "1e3", "amount /data/reported_cost/amount"),
    BadEvent(c, "0.00123", "1.0", "amount /data/reported_cost/amount"),
    BadEvent(c, "0.00123", "0.0000000000001", "amount /data/reported_cost/amount"),
    BadEvent(c, "0.00123", "1000000000000000", "amount /data/reported_cost/amount"),
    BadEvent(c, #""USD""#, #""usd""#, "currency /data/reported_cost/currency"),
    BadEvent(c, #""USD""#, #""XXX""#, "currency /data/reported_cost/currency"),
    BadEvent(c, #","currency":"USD""#, "", "required /data/reported_cost/currency"),
    BadEvent(c, #""latency_ms":812"#, #""latency_ms":812,"quality_score":"1.01""#, "fraction /data/quality_score"),
    BadEvent(c, #""latency_ms":812"#, #""latency_ms":812,"quality_score":"0.90""#, "fraction /data/quality_score"),
    BadEvent(c, #""team":"growth""#, #""team":"growth","team":"growth""#, "duplicate-key /data/team"),
    BadEvent(c, #""team":"growth""#, #""team":"\ud800""#, "lone-surrogate /data/team"),
    BadEvent(c, #""team":"growth""#, #""team":"a\u0000b""#, "nul /data/team"),
    // As they are: longer once they are escaped.
    BadEvent(c, "growth", "\u{01}", "control-character /data/team"),
    BadEvent(c, "alice", "\u{01}", "control-character /data/user"),
    BadEvent(c, #"{"env":"prod"}"#, "{\"\u{01}\":\"x\"}", "control-character /data/tags"),
    BadEvent(SampleEvents.route, "external", "me", "enum /data/decided_by"),
    BadEvent(SampleEvents.route, #","decided_by":"external""#, "", "required /data/decided_by"),
    BadEvent(SampleEvents.cost, "2026-02-01T00:00:00+01:00", "2026-01-01T01:00:00+01:00", "period /data/period_end"),
    BadEvent(SampleEvents.cost, "2026-02-01", "2126-02-01", "period /data/period_end"),
    BadEvent(SampleEvents.cost, "2026-02-01T00:00:00+01:00", "2026-02-01", "timestamp /data/period_end"),
    BadEvent(SampleEvents.cost, "-12.5", "-0", "amount /data/cost/amount"),
    BadEvent(SampleEvents.cost, #""vm""#, #""gpu""#, "enum /data/category"),
    BadEvent(SampleEvents.revenue, #""strategy":"ads","#, "", "required /data/strategy"),
    // Everything at once, in the order of the text; what is missing stands at its object.
    BadEvent(
      c, #""attempt":1,"status":"ok","usage":{"input_tokens":1200,"#,
      #""attempt":0,"usage":{"input_tokens":1e3,"x":1,"#,
      "float /data/usage/input_tokens", "required /data/status", "range /data/attempt", "unknown-field /data/usage/x"),
  ]

  @Test(arguments: badEnvelopes + badData) func `a bad event is refused with every fault`(_ bad: BadEvent) {
    let error = #expect(throws: EventFaults.self) { _ = try SampleEvents.draft(bad.text) }
    #expect(error?.faults.map { "\($0.code) \($0.pointer)" } == bad.faults)
    #expect(error?.faults.allSatisfy { $0.index == nil && !$0.detail.isEmpty } == true)
  }

  @Test(arguments: badEnvelopes + badData) func `the same fault in a batch has the index of its event`(
    _ bad: BadEvent
  ) {
    let error = #expect(throws: EventFaults.self) {
      _ = try CloudEvents.read(batch: SampleEvents.bytes("[\(SampleEvents.route),\(bad.text)]"))
    }
    #expect(error?.faults.map { "\($0.code) \($0.pointer)" } == bad.faults)
    #expect(error?.faults.allSatisfy { $0.index == 1 } == true)
  }

  @Test func `faults never repeat what was sent`() {
    let text = SampleEvents.completion.replacingFirst("\"ok\"", with: "\"s3cr3t\"").replacingFirst("alice", with: "")
      .replacingFirst("0.00123", with: "s3cr3t").replacingFirst("USD", with: "s3cr3t")
      .replacingFirst("call/7", with: "s3cr3t").replacingFirst("0197-a", with: "s3cr3t\u{7F}")
    let error = #expect(throws: EventFaults.self) { _ = try SampleEvents.draft(text) }
    #expect(error?.faults.count == 6)
    #expect(error.map { "\($0) \($0.faults)".contains("s3cr3t") } == false)
  }

  @Test(arguments: [
    ("[]", "empty-batch "), ("{}", "type "), ("7", "type "),
    ("[" + Array(repeating: "1", count: 10_001).joined(separator: ",") + "]", "batch-size "),
  ]) func `a bad batch is refused as a whole`(_ text: String, _ fault: String) {
    let error = #expect(throws: EventFaults.self) { _ = try CloudEvents.read(batch: Array(text.utf8)) }
    #expect(error?.faults.map { "\($0.code) \($0.pointer)" } == [fault])
    #expect(error?.faults.first?.index == nil)
  }

  @Test func `an event in a batch may be as deep as one alone, and no deeper`() throws {
    func event(depth: Int) -> String {
      let nested = String(repeating: "[", count: depth - 2) + String(repeating: "]", count: depth - 2)
      return SampleEvents.own.replacingFirst("[1,2,{\"a\":null}]", with: nested)
    }
    _ = try CloudEvents.read(event: Array(event(depth: 16).utf8))
    _ = try CloudEvents.read(batch: Array("[\(event(depth: 16))]".utf8))
    for body in [event(depth: 17), "[\(event(depth: 17))]"] {
      let error = #expect(throws: EventFaults.self) {
        if body.hasPrefix("[") {
          _ = try CloudEvents.read(batch: Array(body.utf8))
        } else {
          _ = try CloudEvents.read(event: Array(body.utf8))
        }
      }
      #expect(error?.faults.map(\.code) == ["depth"])
    }
  }

  @Test func `a completion is split into data, personal part and persons`() throws {
    let draft = try SampleEvents.draft(SampleEvents.completion)
    #expect(draft.id == "0197-a" && draft.source == "/gateway/eu" && draft.type == "completion.recorded")
    #expect(draft.typeVersion == 1 && draft.subject == "call/7" && draft.expectedSequence == nil)
    #expect(draft.time?.description == "2026-01-02T03:04:05.123456Z")
    #expect(draft.correlationID == "run-1" && draft.causationID == nil && draft.traceparent?.count == 55)
    #expect(
      String(decoding: draft.data, as: UTF8.self)
        == #"{"attempt":1,"latency_ms":812,"model":"deepseek","operation":"chat_message","provider":"deepseek","#
        + #""reported_cost":{"amount":"0.00123","currency":"USD"},"status":"ok","team":"growth","#
        + #""usage":{"cache_read_tokens":0,"input_tokens":1200,"output_tokens":340},"usage_source":"provider"}"#)
    #expect(
      draft.personal.map { String(decoding: $0, as: UTF8.self) }
        == #"{"/session":"s-1","/tags":{"env":"prod"},"/user":"alice"}"#)
    #expect(
      draft.persons == [
        PersonMention(kind: "session", pointer: "/session", value: "s-1"),
        PersonMention(kind: "user", pointer: "/user", value: "alice"),
      ])
    #expect(draft.body["user"]?.isString("alice") == true)
  }

  @Test func `attributes that may be spelled two ways are read alike`() throws {
    let plain = SampleEvents.completion
    for (expected, version) in [("7", "1"), ("\"7\"", "\"1\"")] {
      let text = plain.replacingFirst(
        "\"id\"",
        with:
          "\"expectedsequence\":\(expected),\"typeversion\":\(version),\"tracestate\":\"a=b\",\"dataschema\":\"/s\",\"id\""
      )
      let draft = try SampleEvents.draft(text)
      #expect(draft.expectedSequence == 7 && draft.typeVersion == 1)
      #expect(draft.data == (try SampleEvents.draft(plain)).data)
    }
    let nulls = plain.replacingFirst("\"id\"", with: "\"causationid\":null,\"expectedsequence\":null,\"id\"")
    #expect(try SampleEvents.draft(nulls).causationID == nil)
    let escaped = plain.replacingFirst("\"id\":", with: "\"\\u0069d\":").replacingFirst(
      "\"model\"", with: "\"mode\\u006c\"")
    #expect(try SampleEvents.draft(escaped).data == SampleEvents.draft(plain).data)
  }

  @Test func `own types take any object, keep personal apart and default their subject`() throws {
    let draft = try SampleEvents.draft(SampleEvents.own)
    #expect(draft.type == "x.order.shipped")
    #expect(String(decoding: draft.data, as: UTF8.self) == #"{"n":[1,2,{"a":null}]}"#)
    #expect(draft.personal.map { String(decoding: $0, as: UTF8.self) } == #"{"/personal":{"who":"bob"}}"#)
    #expect(draft.persons.isEmpty)
    let bare = SampleEvents.own.replacingFirst(#""subject":"order/9","#, with: "")
    #expect(try SampleEvents.draft(bare).subject == "x.order.shipped")
    let versioned = SampleEvents.own.replacingFirst("\"id\"", with: "\"typeversion\":3,\"id\"")
    #expect(try SampleEvents.draft(versioned).typeVersion == 3)
  }

  @Test func `ids and persons that differ only in normalisation stay two`() throws {
    let one = try SampleEvents.draft(SampleEvents.revenue.replacingFirst("Łukasz", with: "\u{E9}"))
    let two = try SampleEvents.draft(SampleEvents.revenue.replacingFirst("Łukasz", with: "e\u{301}"))
    #expect(one.persons != two.persons && one.personal != two.personal)
    let keys = SampleEvents.own.replacingFirst("\"n\":", with: "\"\u{E9}\":1,\"e\u{301}\":2,\"n\":")
    #expect(try SampleEvents.draft(keys).body.count == 4)
  }

  @Test func `a batch keeps its order and shares nothing it should not`() throws {
    let texts = [
      SampleEvents.completion, SampleEvents.cost, SampleEvents.revenue, SampleEvents.route, SampleEvents.own,
    ]
    let drafts = try CloudEvents.read(batch: Array("[\(texts.joined(separator: ", "))]".utf8))
    for (draft, text) in zip(drafts, texts) {
      let alone = try SampleEvents.draft(text)
      #expect(draft.id == alone.id && draft.source == alone.source && draft.type == alone.type)
      #expect(draft.data == alone.data && draft.personal == alone.personal && draft.persons == alone.persons)
    }
    #expect(drafts.count == texts.count)
  }
}

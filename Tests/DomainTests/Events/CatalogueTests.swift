import Testing

@testable import Domain

@Suite struct CatalogueTests {
  @Test func `the catalogue has every type once, described down to the last member`() {
    let names = Catalogue.standard.types.map { "\($0.name) \($0.version)" }
    #expect(Set(names).count == names.count)
    for name in [
      "completion.recorded", "route.decided", "route.denied", "cost.incurred", "revenue.earned", "entry.reversed",
      "price.listed", "approval.requested", "approval.granted", "approval.rejected", "approval.withdrawn",
      "approval.revoked", "approval.consumed", "approval.expired", "killswitch.activated", "killswitch.deactivated",
      "ledger.opened", "owner.added", "key.issued", "key.revoked", "command.refused", "projection.event_skipped",
      "route.configured", "model.configured", "model.cooled_down", "toggle.changed", "policy.configured",
      "evaluation.recorded", "invoice.received", "cost.restated", "entry.adjusted", "rerate.approved",
      "rerate.completed", "rate.listed", "period.closed", "period.reopened", "reconciliation.differed", "x.*",
    ] {
      #expect(Catalogue.standard.types.contains { $0.name == name }, "\(name)")
    }
    func check(_ fields: [EventField], _ place: String) {
      #expect(Set(fields.map(\.name)).count == fields.count, "\(place)")
      for field in fields {
        #expect(field.description.hasSuffix("."), "\(place)/\(field.name)")
        #expect(!field.kind.expectation.isEmpty)
        if case .object(let members) = field.kind { check(members, place + "/" + field.name) }
        if case .array(.object(let members), _) = field.kind { check(members, place + "/" + field.name) }
      }
    }
    for type in Catalogue.standard.types {
      #expect(type.description.hasSuffix("."))
      check(type.fields ?? [], type.name)
    }
  }

  @Test func `personal members are named`() {
    func pointers(_ name: String) -> [String]? { Catalogue.standard.type(name)?.personalPointers }
    #expect(
      pointers("completion.recorded") == ["/user", "/session", "/response_id", "/tags", "/raw_usage"])
    #expect(pointers("revenue.earned") == ["/customer"])
    #expect(pointers("approval.requested") == ["/evidence/*/uri", "/evidence/*/text"])
    #expect(pointers("x.anything") == ["/personal"])
    #expect(pointers("price.listed") == [])
  }

  @Test func `types are found by name and version`() {
    #expect(Catalogue.standard.type("price.listed", version: 2) == nil)
    #expect(Catalogue.standard.type("route.decided")?.isCommandOnly == false)
    #expect(Catalogue.standard.type("route.decided", version: 2)?.isCommandOnly == true)
    #expect(Catalogue.standard.type("x.*") != nil)
    #expect(Catalogue.standard.type("nothing") == nil)
    #expect(Catalogue.standard.reservedPrefixes.contains("entry/"))
    #expect(!Catalogue.standard.reservedPrefixes.contains("call/"))
  }

  static let planned: [(type: String, subject: String, data: String)] = [
    (
      "price.listed", "price/deepseek",
      #"{"model":"deepseek","per":1000000,"price":{"amount":"0.0027","currency":"USD"},"usage_class":"input_tokens","valid_from":"1970-01-01T00:00:00Z"}"#
    ),
    (
      "ledger.opened", "ledger/main",
      #"{"name":"main","reporting_currency":"USD","rules_version":1,"time_zone":"UTC"}"#
    ),
    ("owner.added", "owner/first-owner", #"{"name":"First Owner","owner":"first-owner"}"#),
    (
      "key.issued", "key/abc",
      #"{"key":"abc","kind":"human","ledgers":["*"],"owner":"first-owner","roles":["admin","operator"],"secret_sha256":"\#(String(repeating: "a", count: 64))"}"#
    ),
    ("key.revoked", "key/abc", #"{"key":"abc","reason":"lost"}"#),
    ("command.refused", "key/abc", #"{"command":"POST /v1/keys","count":3,"reason":"needs the role admin"}"#),
    ("entry.reversed", "entry/7", #"{"reason":"wrong","reverses":7}"#),
    ("killswitch.activated", "kill-switch/global", #"{"reason":"fire","scope":"global","triggered_by":"cli"}"#),
    ("killswitch.deactivated", "kill-switch/global", #"{"reason":"out","scope":"global","triggered_by":"api"}"#),
    ("approval.granted", "approval/a", #"{"approval":"a","reason":"fine"}"#),
    (
      "projection.event_skipped", "projection/daily_spend",
      #"{"position":9,"projection":"daily_spend","reason":"poison","version":1}"#
    ),
  ]

  @Test(arguments: planned) func `the ledger's own events are checked as well`(
    _ planned: (type: String, subject: String, data: String)
  ) throws {
    let data = try JSON(parsing: Array(planned.data.utf8))
    let draft = try EventDraft(
      planned: planned.type, subject: planned.subject, id: "k#1", source: "/daybook/commands/abc", data: data)
    #expect(draft.data == Array(planned.data.utf8))
    #expect(draft.personal == nil && draft.time == nil && draft.type == planned.type)
    var broken = data
    broken["surprise"] = .integer(1)
    let error = #expect(throws: EventFaults.self) {
      _ = try EventDraft(planned: planned.type, subject: "elsewhere/1", id: "", source: "é", data: broken)
    }
    #expect(
      error?.faults.map { "\($0.code) \($0.pointer)" } == [
        "pattern /id", "pattern /source", "subject /subject", "unknown-field /data/surprise",
      ])
  }

  @Test func `evidence is split at its own pointers and joined again`() throws {
    let items = (0..<12).map { index in
      JSON.object([
        "kind": .text("log"), "title": .text("item \(index)"),
        "text": index % 2 == 0 ? .text("alice said \(index)") : nil, "uri": .text("https://x.test/~\(index)"),
      ])
    }
    let data = JSON.object([
      "kind": .text("action"), "change": .object(["text": .text("plain")]), "reason_code": .text("r"),
      "evidence": .array(items), "expires_at": .text("2026-01-01T00:00:00Z"),
      "estimated_impact": .object(["usd": .text("1")]),
    ])
    let draft = try EventDraft(
      planned: "approval.requested", subject: "approval/1", id: "k#1", source: "/s", data: data)
    let plain = String(decoding: draft.data, as: UTF8.self)
    #expect(!plain.contains("alice") && !plain.contains("https") && plain.contains("item 11"))
    let personal = try JSON(parsing: draft.personal ?? [])
    #expect(personal["/evidence/10/text"]?.string == "alice said 10")
    #expect(personal.members?.count == 18)
    #expect(personal.canonical == draft.personal, "the personal part is canonical")
    #expect(try JSON(parsing: SampleEvents.recorded(draft).joinedData) == data)
  }

  @Test func `validation stands alone for other bodies`() throws {
    let schema = Schema([
      EventField("scope", .text(1...256), "The scope."), .optional("count", .integer(1...9), "How many."),
    ])
    let view = try JSONDocument(Array(#"{"count":12,"scop":"x"}"#.utf8)).root
    #expect(
      schema.faults(in: view).map { "\($0.code) \($0.pointer)" } == [
        "required /scope", "range /count", "unknown-field /scop",
      ])
    #expect(schema.faults(in: try JSONDocument(Array(#"{"scope":"x"}"#.utf8)).root).isEmpty)
  }
}

import Control
import Domain
import Testing

@Suite("Re-rating")
struct RerateTests {
  private func ledger() throws -> TestLedger {
    var ledger = TestLedger()
    try ledger.open()
    try ledger.run(.listPrices([listedPrice("m", "input_tokens", "2")]), by: .key("ann"))
    let time = Timestamp(rfc3339: "2026-02-10T00:00:00Z")!
    try ledger.fact("completion.recorded", "call/1", Finance.completion(), at: time)
    try ledger.fact("completion.recorded", "call/2", Finance.completion("late"), at: time)
    try ledger.fact("completion.recorded", "call/3", Finance.completion("never", reported: "9"), at: time)
    try ledger.run(
      .listPrices([listedPrice("m", "input_tokens", "3"), listedPrice("late", "input_tokens", "0.5")]),
      by: .key("ann"))
    return ledger
  }

  private func adjustments(_ ledger: TestLedger, _ book: PriceBook) throws -> [Adjustment] {
    try ledger.log.filter { $0.type == "completion.recorded" }.compactMap { event in
      let data = try JSONDocument(event.data.canonical).root
      let derived = try JSONDocument((event.derived ?? .null).canonical).root
      var adjustment = Adjustment(
        position: event.position, data: data, booked: derived["cost"].flatMap { Money($0) },
        day: try #require(derived["posting_date"]?.string.flatMap { CivilDate($0) }), occurredAt: event.occurredAt,
        sequence: 0, book: book)
      adjustment?.prepare(data: data, derived: derived)
      return adjustment
    }
  }

  private func propose(_ ledger: TestLedger) throws -> (change: Change, adjustments: [Adjustment]) {
    let found = try adjustments(ledger, ledger.state.prices)
    var proposal = RerateProposal(position: ledger.state.position)
    proposal.examined = 3
    for adjustment in found { proposal.add(adjustment) }
    proposal.digest = TestLedger.digest(Array(found.map(\.listed).joined().utf8))
    var body = proposal.json
    body["rerate"] = .text("r1")
    body["reason"] = .text("late prices")
    return (Change(operation: .rerate, subject: "rerate/r1", body: body), found)
  }

  @Test("costs anew what has another price now, and leaves what has none")
  func costs() throws {
    let ledger = try ledger()
    let (change, found) = try propose(ledger)
    // 1 is the opening, 2 the first price: the calls are 3 to 5.
    #expect(found.map(\.listed) == ["3 2 USD 3 USD\n", "4 - 0.5 USD\n"])
    #expect(change.body["priced"] == .integer(1) && change.body["calls"] == .integer(2))
    #expect(
      change.body["totals"]
        == .array([
          .object(["currency": .text("USD"), "calls": .integer(2), "before": .text("2"), "after": .text("3.5")])
        ]))
    #expect(change.body["models"]?.elements?.map { $0["model"]?.string } == ["m", "late"])
    // As it was known before the second list, nothing changes.
    #expect(try adjustments(ledger, ledger.state.prices.known(at: 5)).isEmpty)
  }

  @Test("is approved by another owner, adjusts what was listed, and is the same when replayed")
  func adjusts() throws {
    var ledger = try ledger()
    let (change, found) = try propose(ledger)
    #expect(
      ledger.refusal(.change(change, terms: nil, breakGlass: nil), by: .key("ann", .agent))?.hasPrefix("403") == true)
    #expect(
      ledger.refusal(.change(change, terms: nil, breakGlass: "alone"), by: .key("ann")) == "409 second-owner-required"
    )
    #expect(ledger.ask(change) == nil)
    #expect(ledger.state.isRerating)
    let kind = ledger.log.last { $0.type == "approval.requested" }?.data["kind"]?.string
    #expect(kind == "cost_increase")
    // A later price changes nothing of what was approved.
    try ledger.run(.listPrices([listedPrice("m", "input_tokens", "29")]), by: .key("ann"))
    #expect(
      try adjustments(ledger, try #require(ledger.state.rerate("r1")).book).map(\.listed) == found.map(\.listed))
    for adjustment in found {
      var written = ledger.state
      var rerate = try #require(written.rerate("r1"))
      written.apply(adjustment, to: &rerate, at: ledger.state.position + 1)
      written.keep(rerate)
      written.merge()
      let event = AppliedEvent(
        position: ledger.state.position + 1, type: "entry.adjusted", typeVersion: 1,
        subject: "entry/\(adjustment.position)", sequence: 1, occurredAt: ledger.now, recordedAt: ledger.now,
        actor: "system", actorKind: .system,
        data: .object(["adjusts": .integer(adjustment.position), "rerate": .text("r1")]),
        derived: try JSON(parsing: adjustment.derived(firstOpen: ledger.state.firstOpenDay)))
      #expect(ledger.state.reenact(event, zone: .utc, digest: TestLedger.digest) == .same(effects: []))
      var forged = event
      forged.derived?["after"] = Finance.money("0")
      #expect(ledger.state.reenact(forged, zone: .utc, digest: TestLedger.digest) == .differs(["after"]))
      #expect(event.derived?["posting_date"]?.string == "2026-02-10")
      ledger.take(event)
      #expect(written.snapshot() == ledger.state.snapshot())
      #expect(try ControlState(snapshot: written.snapshot()).snapshot() == written.snapshot())
    }
    let ended = try ledger.run(.completeRerate("r1"), by: .system)[0]
    #expect(ended.data["adjusted"] == .integer(2) && ended.data["skipped"] == .integer(0))
    #expect(ended.data["totals"] == change.body["totals"])
    #expect(!ledger.state.isRerating)
    // What is booked since is what a reversal takes back.
    let reversal = try ledger.run(.reverseEntry(position: 3, reason: "r"), by: .key("ann"))[0]
    #expect(reversal.derived?["effective"] == Finance.money("3"))
  }

  @Test("one at a time, and only where something changes")
  func refusals() throws {
    var ledger = try ledger()
    var (change, _) = try propose(ledger)
    #expect(ledger.ask(change) == nil)
    change.subject = "rerate/r2"
    change.body["rerate"] = .text("r2")
    #expect(ledger.refusal(.change(change, terms: nil, breakGlass: nil), by: .key("ann")) == "409 rerate-running")
    try ledger.run(.completeRerate("r1"), by: .system)
    #expect(ledger.refusal(.completeRerate("r1"), by: .system) == "404 rerate-not-found")
    change.body["calls"] = .integer(0)
    #expect(ledger.refusal(.change(change, terms: nil, breakGlass: nil), by: .key("ann")) == "409 nothing-to-rerate")
  }
}

extension Adjustment {
  fileprivate var listed: String {
    var bytes: [UInt8] = []
    appendListed(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}

import Control
import Domain
import Testing

/// Lists of prices that wait for a second human.
@Suite struct HeldPriceTests {
  private func opened(_ prices: [JSON]) throws -> TestLedger {
    var ledger = TestLedger()
    try ledger.run(
      .openLedger(
        .object([
          "name": .text("main"), "time_zone": .text("UTC"), "reporting_currency": .text("USD"),
        ]), prices: prices), by: .system)
    return ledger
  }

  private func list(_ prices: [JSON], hold: Bool? = nil, sequence: Int64? = nil, evidence: Int = 1) -> Command {
    let item = JSON.object(["kind": .text("note"), "title": .text("why")])
    let body = JSON.object(["prices": .array(prices), "hold": hold.map(JSON.boolean)])
    return .change(
      Change(operation: .listPrices, subject: "price-list", sequence: sequence, body: body),
      terms: ApprovalTerms(.object(["evidence": .array(Array(repeating: item, count: evidence))])), breakGlass: nil)
  }

  @Test(
    "a change of ten times or more is held, up or down, from and to free, and of the currency; less passes",
    arguments: [
      ("1", "9.999999999999", "USD", false), ("1", "10", "USD", true), ("1", "0.100000000001", "USD", false),
      ("1", "0.1", "USD", true), ("0", "0.000000000001", "USD", true), ("1", "0", "USD", true),
      ("0", "0", "USD", false), ("1", "1", "EUR", true),
    ])
  func changes(before: String, after: String, currency: String, isHeld: Bool) throws {
    var ledger = try opened([listedPrice("m", "input_tokens", before)])
    let events = try ledger.run(
      list([listedPrice("m", "input_tokens", after, currency: currency, from: "2026-02-01T00:00:00Z")]),
      by: .key("ann"))
    #expect(events.map(\.type) == [isHeld ? "approval.requested" : "price.listed"])
    #expect(ledger.state.prices.all.count == (isHeld ? 1 : 2))
    if isHeld { #expect(events.first?.derived?["risk"]?.string == "high") }
  }

  @Test("a price is compared with what calls of its kind find at its date, not with any other")
  func predecessors() throws {
    var own = listedPrice("m", "input_tokens", "20", provider: "p")
    let base = [
      listedPrice("m", "input_tokens", "1"), listedPrice("m", "output_tokens", "500"),
      listedPrice("m", "input_tokens", "5", from: "2026-02-01T00:00:00Z"),
    ]
    func isHeld(_ price: JSON) throws -> Bool {
      var ledger = try opened(base)
      return try ledger.run(list([price]), by: .key("ann")).first?.type == "approval.requested"
    }
    // A provider's own price is compared with the one that held for any.
    #expect(try isHeld(own))
    own["valid_from"] = .text("2026-02-02T00:00:00Z")
    #expect(try !isHeld(own))
    // What was there before nothing was known, or of another kind of service, is new.
    #expect(try !isHeld(listedPrice("m", "input_tokens", "900", from: "1969-01-01T00:00:00Z")))
    var batch = listedPrice("m", "input_tokens", "900")
    batch["service_tier"] = .text("batch")
    #expect(try !isHeld(batch))
    var tier = listedPrice("m", "input_tokens", "900")
    tier["context_above"] = .integer(200_000)
    #expect(try isHeld(tier))
    #expect(try !isHeld(listedPrice("n", "input_tokens", "900000")))
  }

  @Test("one held price holds its whole list, and steps inside a list do not climb past it")
  func wholeLists() throws {
    var ledger = try opened([listedPrice("m", "input_tokens", "1")])
    let climb = [
      listedPrice("new", "input_tokens", "5"), listedPrice("m", "input_tokens", "9"),
      listedPrice("m", "input_tokens", "81"),
    ]
    #expect(ledger.refusal(list(climb, evidence: 0), by: .key("ann")) == "422 evidence-required")
    #expect(try ledger.run(list(climb), by: .key("ann")).map(\.type) == ["approval.requested"])
    #expect(ledger.state.prices["new"] == nil)
    // The same list is not asked for twice.
    #expect(ledger.refusal(list(climb), by: .key("ann")) == "409 approval-open")
    #expect(ledger.refusal(list(climb), by: .key("ann", .agent)) == "403 agent-may-not-loosen")
  }

  @Test("who doubts a list may have it held whatever it says; a list that no event can hold must be split")
  func asked() throws {
    var ledger = try opened([])
    let new = listedPrice("m", "input_tokens", "1")
    #expect(try ledger.run(list([new], hold: true), by: .key("ann")).map(\.type) == ["approval.requested"])
    let many = (0..<400).map { listedPrice("model-\($0)", "input_tokens", "1") }
    #expect(ledger.refusal(list(many, hold: true), by: .key("ann")) == "422 change-too-large")
    #expect(ledger.refusal(list(many), by: .key("ann")) == nil)
  }

  @Test("a grant lists exactly what was held, unless a price of its models was listed since")
  func grants() throws {
    for movesMeanwhile in [false, true] {
      var ledger = try opened([listedPrice("m", "input_tokens", "1")])
      let held = listedPrice("m", "input_tokens", "50", from: "2026-02-01T00:00:00Z")
      let subject = try #require(try ledger.run(list([held]), by: .key("ann")).first?.subject)
      let id = String(subject.dropFirst("approval/".count))
      if movesMeanwhile {
        try ledger.run(list([listedPrice("m", "output_tokens", "1")]), by: .key("ann"))
      } else {
        try ledger.run(list([listedPrice("other", "output_tokens", "1")]), by: .key("ann"))
      }
      let before = ledger.state.prices.all.count
      _ = ledger.refusal(.grantApproval(id: id, reason: "seen"), by: .key("ben"))
      let last = ledger.refusal(.grantApproval(id: id, reason: "seen"), by: .key("cid"))
      #expect(last == (movesMeanwhile ? "409 approval-stale" : nil))
      #expect(ledger.state.prices.all.count == before + (movesMeanwhile ? 0 : 1))
      let price = ledger.state.prices["m"]?.price(of: .inputTokens, provider: nil, at: ledger.now)
      #expect(price?.price.amount == Amount(movesMeanwhile ? "1" : "50"))
    }
  }

  @Test("a name moves to another model only with a second human; a new name and its end pass or wait alike")
  func names() throws {
    func naming(_ alias: String, _ model: String?) -> Command {
      let item = JSON.object(["kind": .text("note"), "title": .text("why")])
      let alias = JSON.object(["alias": .text(alias), "model": model.map(JSON.text)])
      return .change(
        Change(operation: .listPrices, subject: "price-list", body: .object(["aliases": .array([alias])])),
        terms: ApprovalTerms(.object(["evidence": .array([item])])), breakGlass: nil)
    }
    var ledger = try opened([])
    #expect(try ledger.run(naming("x", "m"), by: .key("ann")).map(\.type) == ["price.aliased"])
    #expect(try ledger.run(naming("x", "m"), by: .key("ann")).map(\.type) == ["price.aliased"])
    #expect(try ledger.run(naming("x", "n"), by: .key("ann")).map(\.type) == ["approval.requested"])
    #expect(try ledger.run(naming("x", nil), by: .key("ann")).map(\.type) == ["approval.requested"])
    #expect(ledger.refusal(naming("m", "m"), by: .key("ann")) == "422 invalid-alias")
  }

  @Test("a name that has a model's prices gets no others unseen: not by a provider's name, nor by prices of its own")
  func namesWithin() throws {
    var ledger = try opened([listedPrice("m", "input_tokens", "10"), listedPrice("n", "input_tokens", "1")])
    func naming(_ model: String, _ provider: String?) -> Command {
      let item = JSON.object(["kind": .text("note"), "title": .text("why")])
      let alias = JSON.object([
        "alias": .text("x"), "model": .text(model), "provider": provider.map(JSON.text),
      ])
      return .change(
        Change(operation: .listPrices, subject: "price-list", body: .object(["aliases": .array([alias])])),
        terms: ApprovalTerms(.object(["evidence": .array([item])])), breakGlass: nil)
    }
    #expect(try ledger.run(naming("m", nil), by: .key("ann")).map(\.type) == ["price.aliased"])
    #expect(try ledger.run(naming("m", "p"), by: .key("ann")).map(\.type) == ["price.aliased"])
    #expect(try ledger.run(naming("n", "q"), by: .key("ann")).map(\.type) == ["approval.requested"])
    let cheap = list([listedPrice("x", "input_tokens", "1")])
    #expect(try ledger.run(cheap, by: .key("ann")).map(\.type) == ["approval.requested"])
    let near = list([listedPrice("x", "input_tokens", "9")])
    #expect(try ledger.run(near, by: .key("ann")).map(\.type) == ["price.listed"])
  }
}

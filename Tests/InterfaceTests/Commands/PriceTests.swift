import Domain
import Testing

/// What a completion costs: by the prices that the ledger knew when it took it, in force at the completion's time.
@Suite struct PriceTests {
  private static let prices = [
    Sample.price("deepseek", "input_tokens", "0.27"), Sample.price("deepseek", "output_tokens", "1.08"),
  ]

  @Test func aCostIsDerivedFromThePricesInForce() async throws {
    try await withInterface { interface in
      let later = Sample.price("deepseek", "input_tokens", "0.5", from: "2026-02-01T00:00:00Z")
      try await interface.list(Self.prices + [later])
      let positions = try await interface.append([
        Sample.completion("january", time: "2026-01-31T23:59:59.999999Z"),
        Sample.completion("february", time: "2026-02-01T00:00:00Z"),
      ]).positions
      let january = try await interface.derived(positions[0])
      #expect(january["basis"] == .text("computed"))
      #expect(january["cost"] == Sample.money("0.000378"))
      #expect(january["posting_date"] == .text("2026-01-31"))
      let amounts = january["lines"]?.elements?.compactMap { $0["amount"]?.string } ?? []
      #expect(Set(amounts) == ["0.00027", "0.000108"])
      #expect(try await interface.derived(positions[1])["cost"] == Sample.money("0.000608"))
    }
  }

  /// History is not repriced: what a price that is learned later would have made of it is not what was concluded.
  @Test func aPriceThatIsListedLaterChangesNothingThatWasConcluded() async throws {
    try await withInterface(Setup(posts: true)) { interface in
      try await interface.list(Self.prices)
      let first = try await interface.append([Sample.completion("a"), Sample.completion("u", model: "unknown")])
      let before = try await Self.derived(interface, first.positions)
      try await interface.list([
        Sample.price("deepseek", "input_tokens", "2", from: "2025-06-01T00:00:00Z"),
        Sample.price("unknown", "input_tokens", "1", from: "2020-01-01T00:00:00Z"),
        Sample.price("unknown", "output_tokens", "1", from: "2020-01-01T00:00:00Z"),
      ])
      #expect(try await Self.derived(interface, first.positions) == before)
      // A repetition is the first answer, and not another price.
      #expect(try await interface.append([Sample.completion("a")]).positions == [first.positions[0]])
      let later = try await interface.append([Sample.completion("b"), Sample.completion("v", model: "unknown")])
      #expect(try await interface.derived(later.positions[0])["cost"] == Sample.money("0.002108"))
      #expect(try await interface.derived(later.positions[1])["cost"] == Sample.money("0.0011"))
      let book = try await interface.send(
        "GET", "/v1/ledgers/main/books/daily_spend?group_by=model&min_position=\(later.positions[1])")
      let rows = book.rows.map { row in
        ["model", "currency", "calls", "unpriced_calls", "cost"].map { row[$0] ?? .null }
      }
      #expect(
        rows == [
          [.text("deepseek"), .text("USD"), .integer(2), .integer(0), .text("0.002486")],
          [.text("unknown"), .text("USD"), .integer(1), .integer(0), .text("0.0011")],
          [.text("unknown"), .text("XXX"), .integer(1), .integer(1), .null],
        ], "\(book.text)")
    }
  }

  private static func derived(_ interface: Interface, _ positions: [Int64]) async throws -> [JSON] {
    var all: [JSON] = []
    for position in positions { all.append(try await interface.derived(position)) }
    return all
  }

  @Test func whatIsReportedIsBookedOnlyWhereNoPriceIsKnown() async throws {
    try await withInterface { interface in
      try await interface.list(
        Self.prices + [Sample.price("free", "input_tokens", "0"), Sample.price("free", "output_tokens", "0")])
      let reported = Sample.money("0.42", "EUR")
      let positions = try await interface.append([
        Sample.completion("known", data: ["reported_cost": reported]),
        Sample.completion("unknown", model: "other", data: ["reported_cost": reported]),
        Sample.completion("nothing", model: "other"),
        Sample.completion("free", model: "free"),
        Sample.completion("partly", data: ["usage": .object(["input_tokens": .integer(1), "images": .integer(1)])]),
        Sample.completion("unused", data: ["usage": .object(["input_tokens": .integer(1), "images": .integer(0)])]),
        Sample.completion("unmetered", data: ["usage": .object([:]), "usage_source": .text("absent")]),
      ]).positions
      let derived = try await Self.derived(interface, positions)
      #expect(derived.map { $0["basis"]?.string } == ["computed", "reported", nil, "computed", nil, "computed", nil])
      #expect(derived[0]["cost"] == Sample.money("0.000378"))
      #expect(derived[1]["cost"] == reported)
      #expect(derived[1]["lines"] == nil)
      // Unknown is not zero, and an explicit price of zero is free.
      #expect(derived.map { $0["unpriced"]?.boolean ?? false } == [false, false, true, false, true, false, true])
      #expect(derived[3]["cost"] == Sample.money("0"))
      #expect(derived[2]["cost"] == nil && derived[4]["cost"] == nil)
      // What was claimed is kept beside it.
      let record = try await interface.send("GET", "/v1/ledgers/main/events/\(positions[0])")
      #expect(record.json["event"]?["data"]?["reported_cost"] == reported)
    }
  }

  /// A cost line names the price that made it by its id, and the list of prices did not say the ids: nobody could look one up.
  @Test func pricesAreListedWithTheIDsThatCostLinesName() async throws {
    try await withInterface { interface in
      var own = Sample.price("deepseek", "input_tokens", "0.1")
      own["provider"] = .text("acme")
      try await interface.list(Self.prices + [own])
      let listed = try await interface.send("GET", "/v1/ledgers/main/prices?model=deepseek").json["prices"]?.elements
      let events = try await interface.send("GET", "/v1/ledgers/main/events?type=price.listed").json["records"]?
        .elements
      let positions = (events ?? []).compactMap { $0["event"]?["position"]?.string.flatMap { Int64($0) } }
      #expect(positions.count == 3)
      #expect(listed?.compactMap { $0["price_id"]?.integer } == positions)
      let position = try await interface.append([Sample.completion("a")]).positions[0]
      let lines = try await interface.derived(position)["lines"]?.elements ?? []
      // The provider's own price comes before the one for any provider.
      #expect(Set(lines.compactMap { $0["price_id"]?.integer }) == [positions[2], positions[1]])
    }
  }
}

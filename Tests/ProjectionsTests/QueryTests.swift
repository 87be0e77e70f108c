import Domain
import Postgres
import TestKit
import Testing

@testable import Projections

@Suite("Asking a book")
struct QueryTests {
  private func withShop(_ body: (BookBench, BookQueries) async throws -> Void) async throws {
    let catalogue = try await ShopProjection.withFolder { try ProjectionCatalogue.load(extraFolders: [$0]) }
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      try bench.scribe.append([
        ShopProjection.sale("tea", "1.50", 1), ShopProjection.sale("a,\"b\"", "0.000000000001", 2),
        ShopProjection.sale("tea", "1", 3), ShopProjection.sale("=1+1", "-2", 4),
      ])
      let queries = BookQueries(
        settings, catalogue: catalogue, limits: BookLimits(minPositionWait: .seconds(60), connections: 1))
      try await bench.posting(catalogue) {
        try await bench.settled()
        try await body(bench, queries)
      }
      await queries.close()
    }
  }

  private func shop(_ parameters: [(String, String)] = [], minPosition: Int64? = nil) -> BookRequest {
    BookRequest(
      ledger: "main", projection: "shop", parameters: parameters.map { (name: $0.0, value: $0.1) },
      minPosition: minPosition)
  }

  @Test("that came with a folder needs no Swift; JSON and CSV say the same")
  func folder() async throws {
    try await withShop { _, queries in
      let json = try await queries.bytes(shop())
      let csv = try await queries.bytes(shop(), as: .csv)
      #expect(
        String(decoding: json, as: UTF8.self)
          == """
          {"projection":"shop","version":1,"query":"by_article","ledger":"main","position":4,\
          "recordedtime":"2026-03-01T00:00:04.000000Z","rows":[\
          {"article":"=1+1","sold":1,"income":"-2"},\
          {"article":"a,\\"b\\"","sold":1,"income":"0.000000000001"},\
          {"article":"tea","sold":2,"income":"2.5"}]}

          """)
      #expect(
        String(decoding: csv, as: UTF8.self)
          == "article,sold,income\r\n=1+1,1,-2\r\n\"a,\"\"b\"\"\",1,0.000000000001\r\ntea,2,2.5\r\n")
      #expect(try await queries.definitions().map(\.name).contains("shop"))
    }
  }

  @Test("with wrong parameters names every one of them")
  func parameters() async throws {
    try await withShop { _, queries in
      let error = await #expect(throws: ProjectionError.self) {
        try await queries.open(
          shop([("nonsense", "1"), ("at_least", "1.0"), ("since", "2026-02-30"), ("article", "")]))
      }
      #expect(error?.code == .badParameters)
      #expect(error?.faults.map(\.parameter) == ["nonsense", "article", "at_least", "since"])
      #expect(error?.faults.map(\.code) == ["unknown", "type", "type", "type"])
      for (name, value, code) in [
        ("at_least", "101", "range"), ("at_least", "-1", "range"), ("at_least", "+1", "type"),
        ("since", "2026-1-1", "type"), ("since", "tomorrow", "type"), ("article", "a,a", "repeated"),
        ("article", "a\0b", "type"),
      ] {
        let one = await #expect(throws: ProjectionError.self) { try await queries.open(shop([(name, value)])) }
        #expect(one?.faults.map(\.code) == [code], "\(name)=\(value)")
      }
      // The one connection is free again after every refusal.
      let rows = try JSON(parsing: try await queries.bytes(shop([("article", "tea"), ("article", "coffee")])))["rows"]
      #expect(rows?.elements?.count == 1)
    }
  }

  @Test("for a book, query or ledger that is not there says which")
  func unknown() async throws {
    try await withShop { _, queries in
      let requests: [(BookRequest, ProjectionError.Code)] = [
        (BookRequest(ledger: "main", projection: "nothing"), .unknownBook),
        (BookRequest(ledger: "main", projection: "shop", query: "nothing"), .unknownQuery),
        (BookRequest(ledger: "nothing", projection: "shop"), .unknownLedger),
      ]
      for (request, code) in requests {
        let error = await #expect(throws: ProjectionError.self) { try await queries.open(request) }
        #expect(error?.code == code)
      }
    }
  }

  @Test("waits for a position, and gives up in time")
  func minPosition() async throws {
    try await withShop { bench, queries in
      try bench.scribe.append([ShopProjection.sale("tea", "1", 5)])
      let answer = try await queries.open(shop(minPosition: 5))
      #expect(answer.position >= 5)
      await answer.close()
      let hasty = BookQueries(
        bench.settings, catalogue: queries.catalogue, limits: BookLimits(minPositionWait: .seconds(1), connections: 1)
      )
      let error = await #expect(throws: ProjectionError.self) { try await hasty.open(shop(minPosition: 99)) }
      await hasty.close()
      #expect(error?.code == .notYetPosted)
      #expect(error?.position == 5)
    }
  }

  @Test("by user takes the name, answers the name, and the token once the name is erased")
  func persons() async throws {
    let token = "p_" + String(repeating: "a", count: 22)
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      try bench.connection.execute(
        "INSERT INTO daybook.persons (ledger_id, kind, value, token) VALUES ('main', 'user', 'Zoë', $1)",
        [.text(token)])
      try bench.scribe.append([
        LoggedEvent(
          type: "completion.recorded", subject: "call/1",
          data: members([
            "operation": .text("o"), "model": .text("m"), "provider": .text("p"), "status": .text("ok"),
            "usage": .object([:]),
          ]),
          derived: members([
            "posting_date": .text("2026-03-01"), "persons": members(["/user": .text(token)]),
            "cost": members(["amount": .text("0.1"), "currency": .text("USD")]),
          ]))
      ])
      try await bench.posting {
        try await bench.settled()
        let ask = { (name: String) in
          try await bench.rows(
            BookRequest(
              ledger: "main", projection: "daily_spend", query: "by_user", parameters: [(name: "user", value: name)]))
        }
        #expect(try await ask("Zoë").map { $0["user"]?.string } == ["Zoë"])
        #expect(try await ask("Zoe\u{308}").isEmpty, "names are bytes")
        // A name goes only where an erasure says so.
        try bench.scribe.append([
          LoggedEvent(
            type: "payload.erased", subject: "erasure/1",
            data: members(["forgotten": .array([.text(token)]), "positions": .array([])]), derived: nil)
        ])
        try bench.connection.script("DELETE FROM daybook.persons")
        let all = try await bench.rows(BookRequest(ledger: "main", projection: "daily_spend", query: "by_user"))
        #expect(all.map { $0["user"]?.string } == [token])
      }
    }
  }

  @Test("runs as a role that sees books only")
  func readerRole() async throws {
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      try bench.scribe.append(RandomHistory(seed: 1, count: 10).events)
      try await bench.posting { try await bench.settled() }
      var reader = settings
      reader.role = "daybook_reader"
      let connection = try Connection(reader)
      #expect(try connection.execute("SELECT count(*) FROM books.daily_spend").count == 1)
      let error = #expect(throws: PostgresError.self) { try connection.execute("SELECT data FROM daybook.events") }
      #expect(error?.sqlState == "42501")
      let write = #expect(throws: PostgresError.self) { try connection.execute("DELETE FROM books.daily_spend") }
      #expect(write?.sqlState == "42501")
    }
  }
}

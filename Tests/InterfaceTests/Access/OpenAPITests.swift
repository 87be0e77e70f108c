import Domain
import Testing

@testable import Service

/// The description of the interface, held against what the service says and takes.
@Suite struct OpenAPITests {
  @Test func everyEndpointAndEveryQueryStandsInTheDescription() async throws {
    try await withInterface { interface in
      let paths = try #require(try await interface.send("GET", "/openapi.json").json["paths"]?.members)
      let listed = paths.flatMap { path, item in
        (item.members ?? [:]).keys.map { "\($0.string.uppercased()) \(path.string)" }
      }
      for endpoint in AccessTable.endpoints { #expect(listed.contains("\(endpoint.method) \(endpoint.path)")) }
      let books = try await interface.send("GET", "/v1/ledgers/main/books").json["books"]?.elements ?? []
      #expect(books.count == 11)
      for book in books {
        for query in book["queries"]?.elements ?? [] {
          let name = "\(book["projection"]?.string ?? "")/\(query["query"]?.string ?? "")"
          #expect(listed.contains("GET /v1/ledgers/{ledger}/books/\(name)"))
        }
      }
    }
  }

  /// The last page has no `next`, which the description had required, and events of one's own need no subject.
  @Test func answersFitTheirDescription() async throws {
    try await withInterface(Setup(prices: [Sample.price("deepseek", "input_tokens", "0.5")], posts: true)) {
      interface in
      let document = try await interface.send("GET", "/openapi.json").json
      let checker = SchemaChecker(document: document)
      var checked = 0
      func check(_ method: String, _ path: String, _ described: String, _ body: JSON? = nil) async throws {
        let answer = try await interface.send(method, path, body)
        #expect(answer.status == 200, "\(path): \(answer.text)")
        let media = document["paths"]?[described]?[method.lowercased()]?["responses"]?["2XX"]?["content"]
        let schema = try #require(media?["application/json"]?["schema"], "\(described)")
        #expect(checker.faults(answer.json, schema) == [], "\(method) \(path): \(answer.text)")
        checked += 1
      }
      let position = try await interface.append(Self.events).positions[0]
      let ledger = "/v1/ledgers/main"
      let template = "/v1/ledgers/{ledger}"
      let reason = JSON.object(["scope": .text("model/a b"), "reason": .text("a")])
      try await check("POST", ledger + "/events", template + "/events", Self.events[0])
      try await check("GET", ledger + "/events?limit=2", template + "/events")
      try await check("GET", ledger + "/events?limit=1000", template + "/events")
      try await check("GET", ledger + "/events/\(position)", template + "/events/{position}")
      try await check("GET", ledger, template)
      try await check("GET", ledger + "/status", template + "/status")
      try await check("POST", ledger + "/kill-switches/activate", template + "/kill-switches/activate", reason)
      try await check("GET", ledger + "/kill-switches", template + "/kill-switches")
      try await check(
        "POST", ledger + "/reversals", template + "/reversals",
        .object(["position": .integer(position), "reason": .text("a")]))
      try await check("GET", "/v1/keys", "/v1/keys")
      let head = try await interface.head()
      for (path, item) in document["paths"]?.members ?? [:] where path.string.hasPrefix(template + "/books/") {
        guard !path.string.contains("{projection}"), item["get"] != nil else { continue }
        let asked = path.string.replacing("{ledger}", with: "main")
        try await check("GET", asked + "?min_position=\(head)", path.string)
      }
      #expect(checked > 18)
    }
  }

  /// What the ledger takes must not be forbidden by its description, nor the other way round.
  @Test func eventsThatAreTakenFitTheDescriptionAndOthersDoNot() async throws {
    try await withInterface { interface in
      let document = try await interface.send("GET", "/openapi.json").json
      let checker = SchemaChecker(document: document)
      let schema = JSON.object(["$ref": .text("#/components/schemas/EventToAppend")])
      for event in Self.events {
        #expect(checker.faults(event, schema) == [], "\(event["type"]?.string ?? "")")
        #expect(try await interface.append([event]).status == 200)
      }
      let bad = BadInput.catalogue.filter {
        !["too much data", "a period that ends before it starts"].contains($0.name)
      }
      for input in bad where !["seventeen tags", "a user of 257 characters"].contains(input.name) {
        let event = try JSON(parsing: input.body)
        #expect(checker.faults(event, schema) != [], "\(input.name)")
      }
      let problem = try await interface.send("GET", "/v1/ledgers/main/events?limit=0")
      #expect(checker.faults(problem.json, .object(["$ref": .text("#/components/schemas/Problem")])) == [])
    }
  }

  private static let events: [JSON] = [
    Sample.completion(
      "described 1",
      data: [
        "user": .text("ann"), "team": .text("t"), "reported_cost": Sample.money("0.1"),
        "tags": .object(["k": .text("v")]), "quality_score": .text("0.5"), "raw_usage": .object(["any": .array([])]),
      ]),
    Sample.event("described-2", data: .object(["personal": .object(["name": .text("ann")])])),
    Sample.event("described-3", type: "x.a/b", subject: "a subject with spaces"),
    Sample.event(
      "described-4", type: "cost.incurred", subject: "cost/1",
      data: .object([
        "category": .text("vm"), "cost": Sample.money("-1.5", "EUR"), "period_start": .text("2026-01-01T00:00:00Z"),
        "period_end": .text("2026-02-01T00:00:00+01:00"),
      ])),
    Sample.event(
      "described-5", type: "revenue.earned", subject: "revenue/1",
      data: .object([
        "revenue": Sample.money("7"), "strategy": .text("s"), "earned_at": .text("2026-01-01T00:00:00Z"),
        "customer": .text("Zoë"),
      ])),
    Sample.event(
      "described-6", type: "route.decided", subject: "call/6",
      data: .object([
        "operation": .text("o"), "model": .text("m"), "provider": .text("p"), "decided_by": .text("external"),
      ])),
  ]
}

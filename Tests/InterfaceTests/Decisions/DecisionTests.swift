import Domain
import Testing

/// Decisions over HTTP: what a caller is told, the first time and every other time.
@Suite struct DecisionTests {
  private static let prices = ["a", "b"].flatMap { model in
    ["input_tokens", "output_tokens"].map { Sample.price(model, $0, "1") }
  }

  @Test func aDecisionIsFinalAndBelongsToItsOwner() async throws {
    try await withInterface(Setup(prices: Self.prices)) { interface in
      try await interface.configureChat()
      let budget = JSON.object([
        "scope": .text("user/*"), "window": .text("day"), "limit": Sample.money("50"), "kind": .text("spend"),
        "hard": .boolean(true), "enabled": .boolean(true),
      ])
      #expect(try await interface.configure("budgets/user-day", budget).status == 200)
      let estimate = JSON.object(["input_characters": .integer(4_001), "output_tokens": .integer(10)])
      let asked: [String: JSON] = ["user": .text("Zoë"), "session": .text("s-1"), "estimate": estimate]
      let first = try await interface.decide("call-1", asked)
      #expect(first.status == 200 && first.json["outcome"] == .text("allowed"), "\(first.text)")
      #expect(first.json["model"] == .text("a") && first.json["provider"] == .text("p"))
      #expect(first.json["fallbacks"]?.elements?.compactMap { $0["model"]?.string } == ["b"])
      #expect(first.json["estimate"]?["usage"]?["input_tokens"]?.integer == 1_001)
      #expect(first.json["reservations"]?.elements?.count == 1 && first.json["duplicate"] == .boolean(false))
      #expect(!first.text.contains("Zoë"))

      let head = try await interface.head()
      var again = try await interface.decide("call-1", asked).json
      #expect(again["duplicate"] == .boolean(true))
      #expect(try await interface.send("GET", "/v1/ledgers/main/decisions/call-1").json == again)
      again["duplicate"] = .boolean(false)
      #expect(again == first.json)
      #expect(try await interface.head() == head)

      let others: [[String: JSON]] = [
        ["user": .text("Zoe")], ["session": .text("s-2")], ["estimate": .object([ExactText: JSON]())],
      ]
      for other in others {
        let answer = try await interface.decide("call-1", asked.merging(other) { _, other in other })
        #expect(answer.status == 409 && answer.problem == "identity-conflict", "\(answer.text)")
      }
      try await interface.addOwner("second")
      let stranger = try await interface.issueKey(owner: "second", kind: "service", roles: ["service"])
      #expect(try await interface.decide("call-1", asked, key: stranger.text).status == 409)
      #expect(try await interface.send("GET", "/v1/ledgers/main/decisions/none").status == 404)
      #expect(try await interface.head() == head)

      let record = try await interface.send("GET", "/v1/ledgers/main/events/\(first.json["position"]?.integer ?? 0)")
        .json
      #expect(record["event"]?["type"] == .text("route.decided") && record["event"]?["typeversion"]?.integer == 2)
      #expect(record["event"]?["subject"] == .text("call/call-1"))
      #expect(record["event"]?["data"]?["request"]?["user"] == .text("Zoë"))
      #expect(record["derived"]?["persons"]?.members?.count == 2)
    }
  }

  @Test func aDenialIsAnAnswerAndWhatIsMalformedLeavesNoTrace() async throws {
    try await withInterface { interface in
      let denied = try await interface.decide("call-1")
      #expect(denied.status == 200 && denied.json["outcome"] == .text("denied"))
      #expect(denied.json["reasons"] == .array([.text("unknown_operation")]))
      let head = try await interface.head()
      let estimates: [(JSON, String)] = [
        (.object(["input_tokens": .integer(1), "input_characters": .integer(1)]), "/estimate/input_characters"),
        (.object(["tokens": .integer(1)]), "/estimate/tokens"),
        (.object(["images": .integer(-1)]), "/estimate/images"),
      ]
      for (estimate, pointer) in estimates {
        let answer = try await interface.decide("call-2", ["estimate": estimate])
        #expect(answer.status == 422 && answer.text.contains("\"\(pointer)\""), "\(answer.text)")
      }
      #expect(try await interface.decide("call#1").status == 422)
      #expect(try await interface.decide("call-2", ["tier": .text("huge")]).status == 422)
      #expect(try await interface.head() == head)
    }
  }

  /// A caller sees the switch at one position: nothing that was decided after it was let through.
  @Test func aKillSwitchAmongAHundredCallsStopsEveryLaterOne() async throws {
    try await withInterface(Setup(prices: Self.prices)) { interface in
      try await interface.configureChat()
      let calls = Task {
        try await interface.crowd(100) { number in
          try await interface.decide("call-\(number)", ["user": .text("u\(number % 7)")])
        }
      }
      _ = try await eventually { try await interface.head() > 20 }
      let stopped = try await interface.killSwitch("activate", "operation/chat")
      let position = try #require(stopped.positions.first)
      let answers = try await calls.value
      #expect(answers.allSatisfy { $0.status == 200 })
      for answer in answers.map(\.json) {
        let isAfter = (answer["position"]?.integer ?? 0) > position
        #expect(answer["outcome"] == .text(isAfter ? "denied" : "allowed"))
        if isAfter { #expect(answer["relied_on"]?["kill_switches"] == .array([.integer(position)])) }
      }
      #expect(try await interface.decide("after").json["outcome"] == .text("denied"))
    }
  }

  @Test func aModelThatKeepsFailingIsLeftAlone() async throws {
    try await withInterface(Setup(prices: Self.prices)) { interface in
      try await interface.configureChat()
      let failures = (0..<5).map { number in
        Sample.completion("failed \(number)", time: nil, data: ["model": .text("a"), "status": .text("error")])
      }
      #expect(try await interface.append(failures).status == 200)
      let events = try await interface.send("GET", "/v1/ledgers/main/events?type=model.cooled_down")
      #expect(events.json["records"]?.elements?.count == 1, "\(events.text)")
      let decided = try await interface.decide("call-1")
      #expect(decided.json["model"] == .text("b"), "\(decided.text)")
      #expect(decided.json["reasons"] == .array([.text("cooling_down")]))
    }
  }
}

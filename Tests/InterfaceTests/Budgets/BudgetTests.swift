import Domain
import Testing

/// Budgets over HTTP, with a real log: what callers may spend together, whoever serves them.
@Suite struct BudgetTests {
  /// A route of one model whose output costs a dollar a token, and keys to call it with.
  private struct Calls: Sendable {
    let interface: Interface
    let service: String

    init(_ interface: Interface) async throws {
      self.interface = interface
      service = try await interface.issueKey(kind: "service", roles: ["service"]).text
      try await put(
        "models",
        .object([
          "model": .text("deepseek"), "provider": .text("acme"), "platform_enabled": .boolean(true),
          "enabled": .boolean(true),
        ]))
      try await put(
        "routes/chat_message",
        .object([
          "name": .text("Chat"), "primary": .text("deepseek"), "enabled": .boolean(true), "criticality": .text("LOW"),
        ]))
    }

    func put(_ path: String, _ body: JSON) async throws {
      let answer = try await interface.send("PUT", "/v1/ledgers/main/\(path)", body)
      guard answer.status == 200 else { throw Failure(description: "\(path): \(answer.text)") }
    }

    /// Asks whether a call of so many tokens may be made; a starved service is asked again.
    func decide(_ id: String, user: String = "eve", tokens: Int64 = 1, port: Int? = nil) async throws -> Answer {
      let there = Interface(settings: interface.settings, port: port ?? interface.port, admin: interface.admin)
      let body = JSON.object([
        "id": .text(id), "operation": .text("chat_message"), "user": .text(user),
        "estimate": .object(["input_tokens": .integer(0), "output_tokens": .integer(tokens)]),
      ])
      return try await Self.patiently {
        try await there.send("POST", "/v1/ledgers/main/decisions", body, key: service)
      }
    }

    /// Reports what a call used.
    func complete(_ id: String, tokens: Int64, key: String? = nil, port: Int? = nil) async throws -> JSON {
      let there = Interface(settings: interface.settings, port: port ?? interface.port, admin: interface.admin)
      let event = Sample.event(
        "\(id)-done", type: "completion.recorded", subject: "call/\(id)",
        data: .object([
          "operation": .text("chat_message"), "model": .text("deepseek"), "provider": .text("acme"),
          "attempt": .integer(1), "status": .text("ok"), "usage_source": .text("provider"), "latency_ms": .integer(3),
          "usage": .object(["output_tokens": .integer(tokens)]),
        ]))
      let answer = try await Self.patiently { try await there.append([event], key: key ?? service) }
      guard let position = answer.positions.first else { throw Failure(description: answer.text) }
      return try await interface.derived(position)
    }

    /// A counter of a budget.
    func counter(_ budget: String, _ key: String, port: Int? = nil) async throws -> JSON {
      let there = Interface(settings: interface.settings, port: port ?? interface.port, admin: interface.admin)
      let answer = try await Self.patiently {
        try await there.send("GET", "/v1/ledgers/main/budgets/\(budget)?key=\(key)", key: service)
      }
      return answer.json["counters"]?.elements?.first ?? .null
    }

    private static func patiently(_ ask: () async throws -> Answer) async throws -> Answer {
      var answer = try await ask()
      _ = try await eventually {
        if answer.status != 503 { return true }
        answer = try await ask()
        return false
      }
      return answer
    }
  }

  private static let setup = Setup(prices: [Sample.price("deepseek", "output_tokens", "1000000")])

  private func budget(_ scope: String, _ limit: String, hard: Bool = true) -> JSON {
    .object([
      "scope": .text(scope), "window": .text("total"), "limit": Sample.money(limit), "hard": .boolean(hard),
      "thresholds": .array([.text("5")]),
    ])
  }

  @Test func asManyPassAsThereIsRoomForHoweverManyAskAndWhoeverServes() async throws {
    try await withInterface(Self.setup) { interface in
      let calls = try await Calls(interface)
      try await calls.put("budgets/each", budget("user/*", "7"))
      try await withService(interface.settings) { (other: Int) async throws -> Void in
        let barrier = Barrier(24)
        let answers = try await interface.crowd(24) { number in
          await barrier.wait()
          return try await calls.decide("call-\(number)", port: number.isMultiple(of: 2) ? other : nil)
        }
        let allowed = answers.filter { $0.json["outcome"]?.string == "allowed" }
        let denied = answers.filter { $0.json["outcome"]?.string == "denied" }
        #expect(allowed.count == 7 && denied.count == 17, "\(answers.map(\.text))")
        #expect(denied.allSatisfy { $0.json["reasons"]?.elements?.contains(.text("budget_exceeded")) == true })
        #expect(try await calls.decide("bob-1", user: "bob", port: other).json["outcome"]?.string == "allowed")
        for port in [interface.port, other] {
          let counter = try await calls.counter("each", "eve", port: port)
          #expect(counter["key"]?.string == "eve")
          #expect(counter["reserved"] == Sample.money("7") && counter["left"] == Sample.money("0"), "\(counter)")
        }
        // What is given back by one service is there for callers of the other.
        let first = try #require(allowed.first?.json["id"]?.string)
        #expect(try await calls.complete(first, tokens: 0, port: other)["settlement"]?.string == "settled")
        let second = try #require(allowed.last?.json["id"]?.string)
        let derived = try await calls.complete(second, tokens: 3)
        #expect(derived["budget"]?.elements?.first?["overrun"]?.string == "2")
        // A completion of zeros is settled at the reservation.
        let counter = try await calls.counter("each", "eve", port: other)
        #expect(counter["spent"] == Sample.money("4") && counter["reserved"] == Sample.money("5"), "\(counter)")
        #expect(counter["overrun"] == Sample.money("2"))
        #expect(try await calls.decide("late", port: other).json["outcome"]?.string == "denied")
        let crossings = try await interface.send(
          "GET", "/v1/ledgers/main/events?type=budget.threshold_crossed")
        #expect(crossings.json["records"]?.elements?.count == 1, "\(crossings.text)")
      }
    }
  }

  @Test func whatIsHeldOutlivesTheServiceThatDecidedAndEndsOnce() async throws {
    try await withInterface(Self.setup) { interface in
      let calls = try await Calls(interface)
      try await calls.put("budgets/all", budget("ledger", "10"))
      let sameOwner = try await interface.issueKey(kind: "service", roles: ["service"]).text
      try await withService(interface.settings) { (first: Int) async throws -> Void in
        for id in ["one", "two"] {
          #expect(try await calls.decide(id, tokens: 4, port: first).json["outcome"]?.string == "allowed")
        }
      }
      // The one that decided is gone; who comes after it knows what is held, from the log alone.
      try await withService(interface.settings) { (second: Int) async throws -> Void in
        #expect(try await calls.counter("all", "ledger", port: second)["reserved"] == Sample.money("8"))
        #expect(try await calls.decide("three", tokens: 4, port: second).json["outcome"]?.string == "denied")
        #expect(
          try await calls.complete("one", tokens: 1, key: sameOwner, port: second)["settlement"] == .text("settled"))
        #expect(try await calls.decide("four", tokens: 4, port: second).json["outcome"]?.string == "allowed")
      }
      // A reservation that lives a second ends by itself, with nobody calling.
      try await calls.put(
        "policy",
        .object([
          "session_idle_s": .integer(60), "reservation_life_s": .integer(1), "refuses_unknown_price": .boolean(false),
          "cool_down": .object([
            "failures": .integer(5), "window_s": .integer(60), "duration_s": .integer(60),
          ]), "break_glass": .object(["reason": .text("a test")]),
        ]))
      #expect(try await calls.decide("five", tokens: 1).json["outcome"]?.string == "allowed")
      let isExpired = try await eventually {
        let events = try await interface.send(
          "GET", "/v1/ledgers/main/events?type=reservation.expired&subject=reservation/five")
        return events.json["records"]?.elements?.count == 1
      }
      #expect(isExpired)
      #expect(try await calls.counter("all", "ledger")["reserved"] == Sample.money("8"))
      #expect(try await calls.complete("five", tokens: 1)["settlement"] == .text("late"))
      #expect(try await calls.counter("all", "ledger")["spent"] == Sample.money("2"))
    }
  }

  @Test func agentsTightenAndOnlyPeopleLoosenTogether() async throws {
    try await withInterface(Self.setup) { interface in
      let agent = try await interface.issueKey(kind: "agent", roles: ["agent"]).text
      func put(_ body: JSON, key: String? = "admin", id: String = "all") async throws -> Answer {
        try await interface.send("PUT", "/v1/ledgers/main/budgets/\(id)", body, key: key)
      }
      #expect(try await put(budget("ledger", "10")).status == 200)
      #expect(try await put(budget("ledger", "9"), key: agent).status == 200)
      #expect(try await put(budget("ledger", "10"), key: agent).problem == "agent-may-not-loosen")
      #expect(try await put(budget("ledger", "9", hard: false), key: agent).problem == "agent-may-not-loosen")
      #expect(try await put(budget("user/*", "9")).problem == "budget-fixed")
      #expect(try await put(budget("ledger", "20")).problem == "evidence-required")
      var raise = budget("ledger", "20")
      raise["approval"] = .object([
        "evidence": .array([.object(["kind": .text("forecast"), "title": .text("twice the traffic in May")])])
      ])
      let asked = try await put(raise)
      #expect(asked.status == 202, "\(asked.text)")
      #expect(asked.json["approval"]?["risk"] == .text("high"))
      let wrong = try await put(
        .object(["scope": .text("nobody"), "tokens": .integer(1), "limit": Sample.money("1")]))
      #expect(wrong.status == 422 || wrong.status == 400, "\(wrong.text)")
      #expect((wrong.json["errors"]?.elements ?? []).count == 3, "\(wrong.text)")

      #expect(try await put(budget("user/eve", "5"), id: "eve").status == 200)
      let listed = try await interface.send("GET", "/v1/ledgers/main/budgets")
      let budgets = listed.json["budgets"]?.elements ?? []
      #expect(budgets.map { $0["budget"]?.string } == ["all", "eve"])
      #expect(budgets.map { $0["scope"]?.string } == ["ledger", "user/eve"])
      #expect(budgets[0]["limit"] == Sample.money("9") && budgets[0]["sequence"] == .integer(2))
      // The log knows eve by a token only.
      let events = try await interface.send("GET", "/v1/ledgers/main/events?subject=budget/eve")
      #expect(events.json["records"]?.elements?.count == 1 && !events.text.contains("user/eve"))
      #expect(try await interface.send("GET", "/v1/ledgers/main/budgets/none").status == 404)
    }
  }
}

/// Lets nobody go on before everybody is there.
private actor Barrier {
  private var missing: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(_ count: Int) { missing = count }

  func wait() async {
    missing -= 1
    guard missing > 0 else {
      for continuation in waiting { continuation.resume() }
      waiting = []
      return
    }
    await withCheckedContinuation { waiting.append($0) }
  }
}

import Domain
import Testing

/// Routes, models, toggles and the policy over HTTP: what tightens is done at once, what loosens waits.
@Suite struct ConfigurationTests {
  @Test func agentsTightenAndPeopleWaitForASecondOne() async throws {
    try await withInterface { interface in
      try await interface.configureChat()
      let agent = try await interface.issueKey(kind: "agent", roles: ["agent"])
      func route(_ isEnabled: Bool) -> JSON {
        .object([
          "name": .text("Chat"), "primary": .text("a"), "fallbacks": .array([.text("b")]),
          "enabled": .boolean(isEnabled), "criticality": .text("LOW"),
        ])
      }
      #expect(try await interface.configure("routes/chat", route(false), key: agent.text).status == 200)
      #expect(try await interface.decide("one").json["reasons"] == .array([.text("operation_disabled")]))
      let refused = try await interface.configure("routes/chat", route(true), key: agent.text)
      #expect(refused.status == 403 && refused.problem == "agent-may-not-loosen", "\(refused.text)")

      var asked = route(true)
      asked["approval"] = .object([
        "reason_code": .text("checked"),
        "evidence": .array([.object(["kind": .text("note"), "title": .text("tested")])]),
      ])
      let waiting = try await interface.configure("routes/chat", asked)
      #expect(waiting.status == 202 && waiting.json["outcome"] == .text("approval_requested"), "\(waiting.text)")
      #expect(waiting.json["approval"]?["kind"] == .text("loosening"))
      let shown = try await interface.send("GET", "/v1/ledgers/main/routes/chat").json["route"]
      #expect(shown?["enabled"] == .boolean(false) && shown?["sequence"]?.integer == 2)
      var stale = route(false)
      stale["sequence"] = .integer(1)
      #expect(try await interface.configure("routes/chat", stale).problem == "subject-moved")
    }
  }

  @Test func whatWasConfiguredIsRead() async throws {
    try await withInterface { interface in
      try await interface.configureChat()
      let model = JSON.object([
        "model": .text("vendor/m-1"), "provider": .text("p"), "platform_enabled": .boolean(true),
        "enabled": .boolean(true), "aliases": .array([.text("short")]), "tier": .text("cheap"),
      ])
      #expect(try await interface.configure("models", model).status == 200)
      for name in ["vendor/m-1", "vendor%2Fm-1", "short"] {
        let models = try await interface.send("GET", "/v1/ledgers/main/models?model=\(name)").json["models"]?.elements
        #expect(models?.compactMap { $0["model"]?.string } == ["vendor/m-1"], "\(name)")
      }
      #expect(try await interface.send("GET", "/v1/ledgers/main/models").json["models"]?.elements?.count == 3)
      #expect(try await interface.send("GET", "/v1/ledgers/main/routes").json["routes"]?.elements?.count == 1)
      #expect(try await interface.send("GET", "/v1/ledgers/main/routes/none").status == 404)
      let policy = try await interface.send("GET", "/v1/ledgers/main/policy").json
      #expect(policy["policy"]?["session_idle_s"]?.integer == 86_400 && policy["policy"]?["sequence"]?.integer == 0)
      #expect(policy["tiers"]?["cheap"] == .text("x-ai/grok-4.1-fast"))
      let evaluation = JSON.object([
        "operation": .text("chat"), "model": .text("short"), "suite": .text("s"), "passed": .boolean(true),
        "score": .text("0.9"),
      ])
      #expect(try await interface.command("evaluations", evaluation).status == 200)
      let evaluations = try await interface.send("GET", "/v1/ledgers/main/evaluations?operation=chat").json
      #expect(evaluations["evaluations"]?.elements?.first?["model"] == .text("vendor/m-1"))
      let bad = try await interface.configure(
        "routes/chat", .object(["primary": .text("a b"), "enabled": .text("yes")]))
      #expect(bad.status == 422)
      for pointer in ["/primary", "/enabled", "/name", "/criticality"] {
        #expect(bad.text.contains("\"\(pointer)\""))
      }
    }
  }

  @Test func aToggleThatIsOffLetsNobodyPassAndSaysSoInTheLog() async throws {
    try await withInterface { interface in
      let toggle = JSON.object([
        "enabled": .boolean(false), "locked": .boolean(true), "controlled_by": .text("admin_only"),
      ])
      #expect(try await interface.configure("toggles/risky", toggle).status == 200)
      let agent = try await interface.issueKey(kind: "agent", roles: ["agent"])
      for key in ["admin", agent.text] {
        let answer = try await interface.send("POST", "/v1/ledgers/main/toggles/risky/enforce", key: key)
        #expect(answer.status == 200 && answer.json["outcome"] == .text("refused"), "\(answer.text)")
        #expect(answer.json["reason"]?.string?.contains("locked") == true && answer.positions.count == 1)
      }
      let refused = try await interface.send("GET", "/v1/ledgers/main/events?type=command.refused")
      #expect(refused.json["records"]?.elements?.count == 2)
    }
  }
}

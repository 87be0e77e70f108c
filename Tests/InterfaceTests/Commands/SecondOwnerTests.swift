import Domain
import Testing

/// Owners and keys of people over HTTP: an admin makes no second self.
@Suite struct SecondOwnerTests {
  private static func key(_ owner: String) -> JSON {
    .object([
      "kind": .text("human"), "owner": .text(owner), "roles": .array([.text("approver"), .text("auditor")]),
      "ledgers": .array([.text("*")]),
    ])
  }

  @Test func aPersonsKeyIsShownAtOnceAndValidWhenAnotherOwnerHasGrantedIt() async throws {
    try await withInterface { interface in
      for owner in ["second", "third"] { try await interface.addOwner(owner) }
      let second = try await interface.issueKey(owner: "second", kind: "human", roles: ["approver"]).text
      let asked = try await interface.command("/v1/keys", Self.key("third"), idempotencyKey: "k")
      #expect(asked.status == 202, "\(asked.text)")
      let text = try #require(asked.json["secret"]?.string)
      let approval = try #require(asked.json["approval"]?["approval"]?.string)
      #expect(try await interface.send("GET", "/v1/ledgers/main", key: text).status == 401)
      // The same request again tells which key it was, and not its text.
      let again = try await interface.command("/v1/keys", Self.key("third"), idempotencyKey: "k")
      #expect(again.status == 202 && again.json["key"] == asked.json["key"] && again.json["secret"] == nil)
      #expect(try await interface.grant(approval, key: interface.admin).problem == "same-owner")
      #expect(try await interface.grant(approval, key: second).status == 200)
      let isLetIn = try await eventually {
        try await interface.send("GET", "/v1/ledgers/main", key: text).status == 200
      }
      #expect(isLetIn)
      // Whoever came after a request grants nothing of it.
      let stopped = try await interface.killSwitch("activate", "model/m")
      #expect(stopped.status == 200)
      let deactivation = JSON.object(["scope": .text("model/m"), "reason": .text("over")])
      let request = try await interface.command("kill-switches/deactivate", deactivation)
      let id = try #require(request.json["approval"]?["approval"]?.string)
      try await interface.send("POST", "/v1/owners", .object(["owner": .text("fourth"), "name": .text("Fourth")]))
        .expect(202)
      let late = try await interface.issueKey(
        owner: "third", kind: "human", roles: ["approver"], grantedBy: second)
      #expect(try await interface.grant(id, key: late.text, in: "main").problem == "owner-too-new")
      #expect(try await interface.grant(id, key: text, in: "main").status == 200)
    }
  }

  @Test func aKeyIsRotatedAndTheOldOneEnds() async throws {
    try await withInterface { interface in
      let service = try await interface.issueKey(kind: "service", roles: ["service"])
      let rotated = try await interface.command(
        "/v1/keys/\(service.id)/rotate", .object(["reason": .text("yearly"), "overlap_seconds": .integer(0)]))
      #expect(rotated.status == 200, "\(rotated.text)")
      let successor = try #require(rotated.json["secret"]?.string)
      #expect(rotated.json["key"]?.string != service.id)
      let isLetIn = try await eventually {
        try await interface.send("GET", "/v1/ledgers/main", key: successor).status == 200
      }
      #expect(isLetIn)
      #expect(try await interface.send("GET", "/v1/ledgers/main", key: service.text).status == 401)
      let agent = try await interface.issueKey(kind: "agent", roles: ["agent"])
      let body = JSON.object(["reason": .text("mine")])
      #expect(
        try await interface.command("/v1/keys/\(agent.id)/rotate", body, key: agent.text).problem == "human-required")
    }
  }

  @Test func glassThatWasBrokenStandsInTheStatusAndTheQueueUntilItIsReviewed() async throws {
    try await withInterface(Setup(posts: true)) { interface in
      try await interface.addOwner("second")
      let second = try await interface.issueKey(owner: "second", kind: "human", roles: ["approver"]).text
      #expect(try await interface.killSwitch("activate", "global").status == 200)
      #expect(try await interface.killSwitch("deactivate", "global").status == 200)
      let status = try await interface.send("GET", "/v1/ledgers/main/status")
      let broken = try #require(status.json["break_glass"]?.elements?.first)
      let id = try #require(broken["id"]?.string)
      #expect(broken["owner"] == .text("first-owner"))
      func states() async throws -> [JSON?] {
        let head = try await interface.head()
        let rows = try await interface.send("GET", "/v1/ledgers/main/books/approval_queue?min_position=\(head)").rows
        return rows.filter { $0["origin"] == .text("break_glass") }.map { $0["state"] }
      }
      #expect(try await states() == [.text("unreviewed")])
      let verdict = JSON.object(["verdict": .text("justified"), "reason": .text("nobody else was there")])
      #expect(try await interface.command("break-glass/\(id)/review", verdict).problem == "same-owner")
      #expect(try await interface.command("break-glass/\(id)/review", verdict, key: second).status == 200)
      #expect(try await states() == [.text("justified")])
      #expect(
        try await interface.send("GET", "/v1/ledgers/main/break-glass").json["break_glass"] == .array([]))
    }
  }

  @Test func whatTheLedgerRefusesAnAgentIsRecorded() async throws {
    try await withInterface { interface in
      let agent = try await interface.issueKey(kind: "agent", roles: ["agent"])
      let recommendation = JSON.object([
        "operation": .text("op"), "kind": .text("route"), "reasoning": .text("better"),
        "proposed": .object([
          "operation": .text("op"), "name": .text("op"), "primary": .text("m"), "fallbacks": .array([]),
          "enabled": .boolean(true), "criticality": .text("LOW"),
        ]),
      ])
      let refused = try await interface.command("recommendations", recommendation, key: agent.text)
      #expect(refused.problem == "agent-may-not-recommend", "\(refused.text)")
      let events = try await interface.send("GET", "/v1/ledgers/main/events?type=command.refused")
      let data = events.json["records"]?.elements?.last?["event"]?["data"]
      #expect(data?["command"] == .text("makeRecommendation") && data?["reason"] == .text("agent-may-not-recommend"))
    }
  }
}

extension Answer {
  /// Expects a status.
  fileprivate func expect(_ status: Int) { #expect(self.status == status, "\(text)") }
}

import Domain
import Testing

/// Kill switches over HTTP: who stops, who lets go, and what the book says of it.
@Suite struct KillSwitchTests {
  @Test func agentsStopAndPeopleLetGo() async throws {
    try await withInterface(Setup(posts: true)) { interface in
      let agent = try await interface.issueKey(kind: "agent", roles: ["agent"])
      let scope = "operation/chat message/é%"
      let stopped = try await interface.killSwitch("activate", scope, key: agent.text)
      #expect(stopped.status == 200, "\(stopped.text)")
      #expect(try await interface.killSwitch("activate", scope).problem == "kill-switch-already-active")
      let active = try await interface.send("GET", "/v1/ledgers/main/kill-switches", key: agent.text)
      let entry = try #require(active.json["kill_switches"]?.elements?.first)
      #expect(entry["scope"] == .text(scope))
      #expect(entry["triggered_by"] == .text("agent"))
      #expect(entry["actor"] == .text(agent.id))
      #expect(entry["position"]?.integer == stopped.positions.first)
      #expect(try await interface.killSwitch("deactivate", scope, key: agent.text).status == 403)
      // Nobody else is there yet: an admin may go on alone, and answers for it.
      #expect(try await interface.killSwitch("deactivate", scope).status == 200)
      #expect(try await interface.killSwitch("deactivate", scope).problem == "kill-switch-not-active")
      let head = try await interface.head()
      let history = try await interface.send(
        "GET", "/v1/ledgers/main/books/kill_switch_history/history?min_position=\(head)")
      #expect(history.rows.count == 1, "\(history.text)")
      #expect(history.rows.first?["scope"] == .text(scope))
      // The subject's bytes are percent-encoded, and found by it.
      let subject = "kill-switch/operation/chat%2520message/%25C3%25A9%2525"
      let events = try await interface.send("GET", "/v1/ledgers/main/events?subject=\(subject)")
      #expect(events.json["records"]?.elements?.count == 2, "\(events.text)")
    }
  }

  @Test func lettingGoTakesTwoPeopleAndTheGrantDoesIt() async throws {
    try await withInterface { interface in
      try await interface.addOwner("second")
      let second = try await interface.issueKey(owner: "second", kind: "human", roles: ["approver", "operator"]).text
      #expect(try await interface.killSwitch("activate", "model/deepseek").status == 200)
      let body = JSON.object(["scope": .text("model/deepseek"), "reason": .text("the incident is over")])
      let asked = try await interface.command("kill-switches/deactivate", body)
      #expect(asked.status == 202, "\(asked.text)")
      #expect(asked.json["outcome"] == .text("approval_requested"))
      let request = asked.json["approval"]
      #expect(request?["risk"] == .text("medium") && request?["kind"] == .text("loosening"))
      #expect(request?["change"]?["sequence"] == .integer(1))
      let id = try #require(request?["approval"]?.string)
      // It is still active, and another request for the same is the same request.
      #expect(try await interface.command("kill-switches/deactivate", body).problem == "approval-open")
      #expect(try await interface.killSwitch("activate", "model/deepseek").problem == "kill-switch-already-active")
      #expect(try await interface.grant(id, key: interface.admin, in: "main").problem == "same-owner")
      let granted = try await interface.grant(id, key: second, in: "main")
      #expect(granted.status == 200 && granted.json["state"] == .text("consumed"), "\(granted.text)")
      let active = try await interface.send("GET", "/v1/ledgers/main/kill-switches")
      #expect(active.json["kill_switches"] == .array([]))
      let events = try await interface.send(
        "GET", "/v1/ledgers/main/events?after=\(granted.positions[0] - 1)&limit=10")
      let types = events.json["records"]?.elements?.compactMap { $0["event"]?["type"]?.string }
      #expect(types == ["approval.granted", "killswitch.deactivated", "approval.consumed"])
    }
  }
}

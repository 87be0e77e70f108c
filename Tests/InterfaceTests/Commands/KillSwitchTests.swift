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
}

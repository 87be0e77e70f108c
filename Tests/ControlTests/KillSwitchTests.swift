import Control
import Domain
import Testing

@Suite("Kill switches")
struct KillSwitchTests {
  private func activate(_ scope: String) -> Command {
    .activateKillSwitch(scope: ExactText(scope), reason: "stop", triggeredBy: "api")
  }
  private func deactivate(_ scope: String) -> Command {
    .deactivateKillSwitch(scope: ExactText(scope), reason: "go on", triggeredBy: "cli")
  }

  @Test("stop by anybody, go on by people only", arguments: [ActorKind.human, .service, .agent])
  func asymmetry(kind: ActorKind) {
    var ledger = TestLedger()
    #expect(ledger.refusal(activate("global"), by: .key("ann", kind)) == nil)
    let expected: String? =
      switch kind {
      case .agent: "403 agent-may-not-loosen"
      case .human: nil
      default: "403 human-required"
      }
    #expect(ledger.refusal(deactivate("global"), by: .key("ann", kind)) == expected)
    #expect((ledger.state.killSwitch("global") != nil) == (expected != nil))
  }

  @Test("are active or not: a change that changes nothing is a conflict")
  func conflicts() {
    var ledger = TestLedger()
    let ann = Principal.key("ann")
    #expect(ledger.refusal(deactivate("global"), by: ann) == "409 kill-switch-not-active")
    #expect(ledger.refusal(activate("global"), by: ann) == nil)
    #expect(ledger.refusal(activate("global"), by: .key("ben")) == "409 kill-switch-already-active")
    #expect(ledger.refusal(activate("model/deepseek"), by: ann) == nil)
    #expect(ledger.state.activeKillSwitches.map(\.scope) == ["global", "model/deepseek"])
    #expect(ledger.refusal(deactivate("global"), by: .key("ben")) == nil)
    #expect(ledger.refusal(activate("global"), by: .key("ben")) == nil)
    #expect(ledger.state.killSwitch("global")?.position == 4)
  }

  @Test(
    "have a scope of the list",
    arguments: [
      ("global", "kill-switch/global"), ("operation/chat_message", "kill-switch/operation/chat_message"),
      ("model/anthropic/claude-opus-4.6", "kill-switch/model/anthropic/claude-opus-4.6"),
      ("team/Zoë & co", "kill-switch/team/Zo%C3%AB%20&%20co"), ("team/50%", "kill-switch/team/50%25"),
      ("user/é", "kill-switch/user/%C3%A9"), ("user/e\u{301}", "kill-switch/user/e%CC%81"),
      ("", nil), ("Global", nil), ("model/", nil), ("planet/earth", nil), ("global/", nil),
      ("team/" + String(repeating: "é", count: 60), nil),
    ] as [(String, String?)])
  func scopes(scope: String, subject: String?) {
    #expect(KillSwitch.subject(of: ExactText(scope)) == subject)
    var ledger = TestLedger()
    #expect(ledger.refusal(activate(scope), by: .key("ann")) == (subject == nil ? "422 invalid-scope" : nil))
  }

  @Test("of scopes that differ only in Unicode normalisation are two")
  func normalisation() {
    var ledger = TestLedger()
    #expect(ledger.refusal(activate("user/\u{E9}"), by: .key("ann")) == nil)
    #expect(ledger.state.killSwitch("user/e\u{301}") == nil)
    #expect(ledger.refusal(activate("user/e\u{301}"), by: .key("ann")) == nil)
    #expect(ledger.state.activeKillSwitches.count == 2)
  }

  @Test("that an agent triggers say so, whatever the body says")
  func trigger() throws {
    var ledger = TestLedger()
    try ledger.run(activate("global"), by: .key("ann", .agent))
    #expect(ledger.state.killSwitch("global")?.triggeredBy == "agent")
  }
}

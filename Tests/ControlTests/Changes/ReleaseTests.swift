import Control
import Domain
import Testing

/// Changes that wait for a second owner, and what may become of them.
@Suite("A change that needs a second owner")
struct ReleaseTests {
  @Test("is made by the last grant, in the same commit, and under the name of who asked")
  func released() throws {
    var ledger = try ChangeLedger()
    let id = try ledger.asked(.route(["m2"]))
    #expect(ledger.state.approval(id)?.kind == .modelSwitch && ledger.state.approval(id)?.state == .requested)
    #expect(ledger.state.route("op")?.primary == "m1")
    let planned = try ledger.routing.ledger.run(.grantApproval(id: id, reason: "seen"), by: .key("ben"))
    #expect(planned.map(\.type) == ["approval.granted", "route.configured", "approval.consumed"])
    #expect(planned[1].derived?["approval"]?.string == id)
    #expect(
      planned[1].derived?["requested_by_owner"]?.string == "ann" && planned[1].derived?["owner"]?.string == "ben")
    #expect(ledger.state.route("op")?.primary == "m2")
    #expect(ledger.state.approval(id)?.state == .consumed)
  }

  @Test("that puts much at stake takes two other owners, and is made by the second one")
  func quorum() throws {
    var ledger = try ChangeLedger()
    #expect(
      ledger.refusal(.activateKillSwitch(scope: "global", reason: "r", triggeredBy: "api"), by: .key("ann")) == nil)
    #expect(
      ledger.refusal(.change(.deactivation("global"), terms: nil, breakGlass: nil), by: .key("ann"))
        == "422 evidence-required")
    let id = try ledger.asked(.deactivation("global"))
    #expect(ledger.state.approval(id)?.risk == .high)
    #expect(try ledger.types(.grantApproval(id: id, reason: "seen"), by: .key("ben")) == ["approval.granted"])
    #expect(ledger.state.killSwitch("global") != nil)
    #expect(
      try ledger.types(.grantApproval(id: id, reason: "seen"), by: .key("cid"))
        == ["approval.granted", "killswitch.deactivated", "approval.consumed"])
    #expect(ledger.state.killSwitch("global") == nil)
  }

  @Test("is granted by nobody of the requester's owner, by no agent, and by nobody who came later")
  func whoMay() throws {
    var ledger = try ChangeLedger()
    let id = try ledger.asked(.route(["m2"]))
    #expect(ledger.grant(id, by: .key("ann")) == "403 same-owner")
    #expect(ledger.grant(id, by: .key("ann", .human, 2)) == "403 same-owner")
    #expect(ledger.grant(id, by: .key("ann", .agent)) == "403 human-required")
    #expect(ledger.grant(id, by: .key("ben", .agent)) == "403 human-required")
    #expect(ledger.grant(id, by: .key("ben", .service)) == "403 human-required")
    for since in [ledger.now, ledger.now.advanced(bySeconds: 1), .latest] {
      var newcomer = Principal.key("eve")
      newcomer.since = since
      #expect(ledger.grant(id, by: newcomer) == "403 owner-too-new")
    }
    var known = Principal.key("ben")
    known.since = ledger.now.advanced(bySeconds: -1)
    #expect(ledger.grant(id, by: known) == nil)
  }

  @Test("is stale once its subject moved, even back to what it was")
  func stale() throws {
    var ledger = try ChangeLedger()
    let id = try ledger.asked(.route(["m2"]))
    // Tightening is free, and moves the subject.
    #expect(try ledger.ask(.route(["m1"], ["enabled": .boolean(false)])) == nil)
    #expect(ledger.grant(id, by: .key("ben")) == "409 approval-stale")
    #expect(ledger.state.approval(id)?.state == .requested)
    #expect(ledger.refusal(.withdrawApproval(id: id, reason: "stale"), by: .key("ann")) == nil)
  }

  @Test("is stale where it could not be made any more, or puts more at stake by now")
  func staleWithout() throws {
    var ledger = try ChangeLedger()
    let switchOn = try ledger.asked(.deactivation("model/m1"))
    #expect(ledger.refusal(.deactivation("model/m1"), breakGlass: "alone", by: .key("cid")) == nil)
    #expect(ledger.grant(switchOn, by: .key("ben")) == "409 approval-stale")
  }

  @Test("binds to its exact arguments: another change is another approval")
  func exact() throws {
    var ledger = try ChangeLedger()
    let one = try ledger.asked(.route(["m2"]))
    // The very same change waits already, whoever asks; another one waits beside it.
    #expect(ledger.refusal(.route(["m2"]), by: .key("ben")) == "409 approval-open")
    let other = try ledger.asked(.route(["m2", "m1"]))
    #expect(ledger.state.approval(one)?.changeDigest != ledger.state.approval(other)?.changeDigest)
    #expect(ledger.grant(one, by: .key("ben")) == nil)
    #expect(ledger.state.route("op")?.fallbacks == [])
    // What was granted first moved the subject for the other.
    #expect(ledger.grant(other, by: .key("ben")) == "409 approval-stale")
  }

  @Test("is made once: a grant that made it is used up, and none expires open")
  func once() throws {
    var ledger = try ChangeLedger()
    let id = try ledger.asked(.route(["m2"]))
    #expect(ledger.grant(id, by: .key("ben")) == nil)
    #expect(ledger.grant(id, by: .key("cid")) == "409 approval-not-open")
    #expect(ledger.refusal(.revokeApproval(id: id, reason: "late"), by: .key("cid")) == "409 approval-not-granted")
    let late = try ledger.asked(.route(["m1", "m2"]))
    ledger.now = ledger.now.advanced(bySeconds: 72 * 3_600)
    #expect(ledger.grant(late, by: .key("ben")) == "409 approval-not-open")
    #expect(ledger.state.approval(late)?.state == .expired)
    #expect(ledger.state.route("op")?.models == ["m2"])
  }

  @Test("names the sequence that it is made against, or takes the present one")
  func sequences() throws {
    var ledger = try ChangeLedger()
    var change = Change.route(["m2"])
    change.sequence = 7
    #expect(ledger.refusal(change) == "409 subject-moved")
    change.sequence = ledger.state.mark(of: "route/op")?.sequence
    let id = try ledger.asked(change)
    #expect(ledger.state.approval(id)?.change["sequence"]?.integer == change.sequence)
  }

  @Test("may be asked for explicitly; the ledger says kind and risk, and the requester can only raise it")
  func explicit() throws {
    var ledger = try ChangeLedger()
    func request(_ change: Change, risk: String? = nil) -> Command {
      .requestApproval(
        .object([
          "kind": .text("action"), "change": change.json, "reason_code": .text("test"),
          "evidence": ChangeLedger.evidence, "risk": risk.map(JSON.text),
        ]))
    }
    #expect(ledger.refusal(request(.route(["m1"])), by: .key("ann")) == "422 approval-not-needed")
    #expect(ledger.refusal(request(.route(["m2"])), by: .key("ann", .agent)) == "403 agent-may-not-loosen")
    let planned = try ledger.routing.ledger.run(request(.route(["m2"]), risk: "high"), by: .key("ann"))
    #expect(planned[0].data["kind"]?.string == "model_switch" && planned[0].data["risk"]?.string == "high")
    let change = try #require(planned[0].data["change"])
    #expect(change["sequence"]?.integer == 1)
    #expect(planned[0].data["change_digest"]?.string == TestLedger.digest(change.canonical))
    let id = String(planned[0].subject.dropFirst("approval/".count))
    #expect(ledger.grant(id, by: .key("ben")) == nil)
    #expect(ledger.grant(id, by: .key("cid")) == nil)
    #expect(ledger.state.route("op")?.primary == "m2")
  }
}

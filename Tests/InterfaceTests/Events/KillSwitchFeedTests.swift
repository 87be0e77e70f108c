import DaybookClient
import Domain
import Testing

/// Kill switches reach who must stop, whichever process they were pulled at.
@Suite struct KillSwitchFeedTests {
  @Test func theFeedLearnsOfAnActivationThroughAnotherServiceAtOnce() async throws {
    try await withInterface { interface in
      try await withService(interface.settings) { port in
        let other = Interface(settings: interface.settings, port: port, admin: interface.admin)
        let feed = try Feed(interface, "/v1/ledgers/main/kill-switches/stream")
        #expect(await eventually { feed.messages.contains { $0.event == "state" } })
        var delays: [Duration] = []
        for round in 0..<6 {
          let known = feed.messages.count { $0.event == "state" }
          let asked = ContinuousClock.now
          try await Self.change(other, round % 2 == 0 ? "activate" : "deactivate", "model/deepseek")
          #expect(await eventually(within: .seconds(2)) { feed.messages.count { $0.event == "state" } > known })
          let state = try #require(feed.messages.last { $0.event == "state" })
          delays.append(state.at - asked)
          let active = try JSON(parsing: Array(state.data.utf8))["active"]?.elements ?? []
          #expect(active.map { $0["scope"]?.string } == (round % 2 == 0 ? ["model/deepseek"] : []))
        }
        print("a kill switch through another service reached the feed after \(delays.sorted())")
        #expect(delays.allSatisfy { $0 < .seconds(2) })
        feed.close()
      }
    }
  }

  private static func change(_ interface: Interface, _ deed: String, _ scope: String) async throws {
    let answer = try await interface.killSwitch(deed, scope)
    guard answer.status == 200 else { throw Failure(description: answer.text) }
  }

  @Test func aGuardStopsGoesOnAndFailsClosedWhenTheServiceIsGone() async throws {
    let facts = CallFacts(operation: "chat_message", model: "deepseek", provider: "acme")
    try await withInterface { interface in
      let guarded = Guarded()
      try await withService(interface.settings) { port in
        let daybook = try Daybook(url: "http://127.0.0.1:\(port)", key: interface.admin)
        let guardian = guarded.watch(daybook)
        #expect(await guardian.waitUntilKnown())
        #expect(guardian.check(facts).mayProceed)
        for scope in ["global", "model/deepseek", "provider/acme", "operation/chat_message"] {
          // Through the other service than the one that the guard listens to.
          try await Self.change(interface, "activate", scope)
          #expect(await eventually(within: .seconds(2)) { !guardian.check(facts).mayProceed }, "\(scope)")
          guard case .stopped(let by, let reason, _) = guardian.check(facts) else {
            Issue.record("\(scope): \(guardian.check(facts))")
            continue
          }
          #expect(by == scope && reason == "because")
          #expect(
            guardian.check(CallFacts(operation: "other", model: "o", provider: "o")).mayProceed == (scope != "global")
          )
          try await Self.change(interface, "deactivate", scope)
          #expect(await eventually(within: .seconds(2)) { guardian.check(facts).mayProceed }, "\(scope)")
        }
      }
      // The service that it listened to has stopped: what it knows may be old in a second.
      let gone = ContinuousClock.now
      let guardian = try #require(guarded.guardian)
      #expect(await eventually(within: .seconds(3)) { !guardian.check(facts).mayProceed })
      print("a guard without its service closed \(ContinuousClock.now - gone) after its end")
      if case .unknown = guardian.check(facts) {} else { Issue.record("\(guardian.check(facts))") }
      guardian.close()
    }
  }
}

import Synchronization

/// Holds a guard beyond the service that it listens to.
private final class Guarded: Sendable {
  private let held = Mutex<KillSwitchGuard?>(nil)

  var guardian: KillSwitchGuard? { held.withLock { $0 } }

  func watch(_ daybook: Daybook) -> KillSwitchGuard {
    let guardian = KillSwitchGuard(daybook)
    guardian.start()
    held.withLock { $0 = guardian }
    return guardian
  }
}

import DaybookClient
import Domain
import Testing

/// Kill switches reach who must stop, whichever process they were pulled at.
@Suite(.timeLimit(.minutes(10)))
struct KillSwitchFeedTests {
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
          #expect(await eventually { feed.messages.count { $0.event == "state" } > known })
          let state = try #require(feed.messages.last { $0.event == "state" })
          delays.append(state.at - asked)
          let active = try JSON(parsing: Array(state.data.utf8))["active"]?.elements ?? []
          #expect(active.map { $0["scope"]?.string } == (round % 2 == 0 ? ["model/deepseek"] : []))
        }
        print("a kill switch through another service reached the feed after \(delays.sorted())")
        // What a busy machine adds is no matter of the feed's; one of six turns is without it.
        #expect(delays.contains { $0 < .seconds(1) }, "\(delays)")
        feed.close()
      }
    }
  }

  private static func change(_ interface: Interface, _ deed: String, _ scope: String) async throws {
    let answer = try await interface.killSwitch(deed, scope)
    guard answer.status == 200 else { throw Failure(description: answer.text) }
  }

  /// Waits until the guard says that this scope stops a call, or `none` does.
  private static func comes(_ scope: String, _ guardian: KillSwitchGuard, _ facts: CallFacts) async -> Bool {
    await eventually { Self.scope(of: guardian.check(facts)) == scope }
  }

  /// What stops a call, `none` where nothing does, and nil where that is not known.
  private static func scope(of verdict: KillSwitchVerdict) -> String? {
    switch verdict {
    case .allowed: "none"
    case .stopped(let scope, let reason, _): reason == "because" ? scope : nil
    case .unknown: nil
    }
  }

  @Test func aGuardStopsGoesOnAndFailsClosedWhenTheServiceIsGone() async throws {
    let facts = CallFacts(operation: "chat_message", model: "deepseek", provider: "acme")
    try await withInterface { interface in
      let guarded = Guarded()
      try await withService(interface.settings) { port in
        let daybook = try Daybook(url: "http://127.0.0.1:\(port)", key: interface.admin)
        let guardian = guarded.watch(daybook)
        #expect(await Self.comes("none", guardian, facts))
        for scope in ["global", "model/deepseek", "provider/acme", "operation/chat_message"] {
          // Through the other service than the one that the guard listens to.
          try await Self.change(interface, "activate", scope)
          // Kept from the feed for a second it knows nothing, and soon it knows again.
          #expect(await Self.comes(scope, guardian, facts), "\(scope): \(guardian.check(facts))")
          let others = CallFacts(operation: "other", model: "o", provider: "o")
          #expect(await Self.comes(scope == "global" ? scope : "none", guardian, others), "\(scope)")
          try await Self.change(interface, "deactivate", scope)
          #expect(await Self.comes("none", guardian, facts), "\(scope)")
        }
      }
      // The service that it listened to has stopped: what it knows may be old in a second.
      let gone = ContinuousClock.now
      let guardian = try #require(guarded.guardian)
      while guardian.check(facts).mayProceed { try await Task.sleep(for: .milliseconds(5)) }
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

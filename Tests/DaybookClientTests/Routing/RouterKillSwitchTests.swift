import Domain
import Foundation
import Synchronization
import TestKit
import Testing

@testable import DaybookClient

/// The guard stops calls before every attempt, and what it refuses leaves a record.
@Suite(.timeLimit(.minutes(5)))
struct RouterKillSwitchTests {
  @Test("a guard that cannot know refuses, and the refusal is recorded")
  func unknown() async throws {
    let provider = ScriptedProvider("acme", .answer(.sample()))
    let stage = try await RouterStage(provider, isGuarded: false)
    guard case .stopped(.unknown(.notConnected)) = try await stage.router.complete(stage.call()) else {
      return #expect(Bool(false), "not stopped")
    }
    #expect(provider.requests.isEmpty && stage.ledger.decisions.isEmpty)
    let event = try #require(try await stage.recorded().first)
    #expect(event.type == "route.denied" && event["rationale"]?.string == "kill_switch_unknown")
    #expect(stage.guardian.counts.unknown == 1 && stage.guardian.counts.refused == 1)
  }

  @Test("a call that a switch stops is asked of the ledger all the same, which records the denial")
  func stopped() async throws {
    let provider = ScriptedProvider("acme", .answer(.sample()))
    let stage = try await RouterStage(provider)
    for scope in ["global", "operation/chat_message", "user/alice"] {
      stage.ledger.board.change { $0.active = [scope] }
      while stage.guardian.lastKnown.active.map(\.scope) != [scope] { try await Task.sleep(for: .milliseconds(2)) }
      stage.ledger.decide { FakeLedger.refuse($0, "denied", "kill_switch_active") }
      guard case .denied(let decision) = try await stage.router.complete(stage.call(scope)) else {
        return #expect(Bool(false), "not denied")
      }
      #expect(decision.reasons == ["kill_switch_active"])
      // The ledger is away: the guard's word holds, and the spool keeps the refusal.
      stage.ledger.decide { _ in .answer(503, body: "{}") }
      guard case .stopped(.stopped(let by, _, _)) = try await stage.router.complete(stage.call(scope + "2")) else {
        return #expect(Bool(false), "not stopped")
      }
      #expect(by == scope)
    }
    #expect(provider.requests.isEmpty)
    let events = try await stage.recorded(3)
    #expect(events.map { $0["rationale"]?.string } == Array(repeating: "kill_switch_active", count: 3))
    #expect(events.allSatisfy { !$0.data.contains("alice") })
  }

  @Test("a switch on a model passes that one over; a switch on all ends the call")
  func beforeEachAttempt() async throws {
    for (scope, isModel) in [("model/mini", true), ("provider/acme", true), ("operation/chat_message", false)] {
      let board = FakeLedgerReference()
      let guardian = GuardReference()
      let pull: @Sendable () async -> Void = {
        board.value?.board.change { $0.active = [scope] }
        let facts = CallFacts(operation: "chat_message", model: "mini", provider: "acme")
        while guardian.value?.check(facts).mayProceed == true { try? await Task.sleep(for: .milliseconds(2)) }
      }
      let first = ScriptedProvider("acme", .after(pull, .fail(.away)), .answer(.sample()))
      let second = ScriptedProvider("other", .answer(.sample("Other.")))
      let stage = try await RouterStage(first, second)
      board.value = stage.ledger
      guardian.value = stage.guardian
      stage.ledger.decide { FakeLedger.allow($0, [("deepseek", "acme"), ("mini", "acme"), ("swift", "other")]) }
      let outcome = try await stage.router.complete(stage.call())
      #expect(first.requests.count == 1, "\(scope)")
      if isModel {
        #expect(outcome.value?.text == "Other.")
        #expect(try await stage.recorded(2).map { $0["status"]?.string } == ["absorbed", "ok"])
      } else {
        guard case .stopped = outcome else { return #expect(Bool(false), "not stopped") }
        #expect(second.requests.isEmpty)
        #expect(try await stage.recorded().map { $0["status"]?.string } == ["error"])
      }
    }
  }

  @Test("a provider that repeats a request by itself asks the guard first")
  func repetitions() async throws {
    let provider = ScriptedProvider("acme", .answer(.sample()))
    let stage = try await RouterStage(provider)
    #expect(try await stage.router.complete(stage.call()).value != nil)
    let request = try #require(provider.requests.first)
    #expect(request.mayRepeat())
    stage.ledger.board.change { $0.active = ["user/alice"] }
    while request.mayRepeat() { try await Task.sleep(for: .milliseconds(2)) }
  }

  @Test("a switch on the other name that a model was asked for by stops it too")
  func otherName() async throws {
    let provider = ScriptedProvider("acme", .answer(.sample()))
    let stage = try await RouterStage(provider)
    let ledger = stage.ledger
    let guardian = stage.guardian
    stage.ledger.decide { request in
      // Pulled after the decision, before the call.
      ledger.board.change { $0.active = ["model/alias"] }
      while guardian.check(CallFacts(model: "alias")).mayProceed { usleep(1000) }
      guard case .answer(let status, _, let body) = FakeLedger.allow(request) else { return .cut }
      let candidates = #""candidates":[{"model":"deepseek","origin":"requested","fate":"chosen"}]"#
      return .answer(status, body: body.replacingOccurrences(of: #""candidates":[]"#, with: candidates))
    }
    let call = stage.call { $0.decision.model = "alias" }
    guard case .stopped(.stopped(let scope, _, _)) = try await stage.router.complete(call) else {
      return #expect(Bool(false), "not stopped")
    }
    #expect(scope == "model/alias" && provider.requests.isEmpty)
  }

  @Test("what was allowed and then stopped before its first attempt is settled as never made")
  func betweenDecisionAndCall() async throws {
    let provider = ScriptedProvider("acme", .answer(.sample()))
    let stage = try await RouterStage(provider)
    stage.ledger.board.change { $0.active = ["model/deepseek"] }
    while stage.guardian.check(CallFacts(model: "deepseek")).mayProceed {
      try await Task.sleep(for: .milliseconds(2))
    }
    guard case .stopped = try await stage.router.complete(stage.call()) else {
      return #expect(Bool(false), "not stopped")
    }
    #expect(provider.requests.isEmpty)
    let event = try #require(try await stage.recorded().first)
    #expect(event["status"]?.string == "aborted" && event["error_code"]?.string == "kill_switch_active")
    #expect(event["usage"] == .object(["input_tokens": .integer(0), "output_tokens": .integer(0)]))
  }

  @Test(
    "where the ledger decided later than the stop that the guard knows, the guard gets time to see that it has ended")
  func releasedMeanwhile() async throws {
    let stage = try await RouterStage(ScriptedProvider("acme", .answer(.sample())))
    stage.ledger.board.change { $0.active = ["global"] }
    while stage.guardian.check(CallFacts()).mayProceed { try await Task.sleep(for: .milliseconds(2)) }
    let ledger = stage.ledger
    stage.ledger.decide { request in
      // The switch is released, and then the call is decided: the guard hears of the first a little later.
      let position = ledger.board.state.withLock { $0.position } + 1
      Task {
        try? await Task.sleep(for: .milliseconds(50))
        ledger.board.change { $0.active = [] }
      }
      return FakeLedger.allow(request, position: position)
    }
    #expect(try await stage.router.complete(stage.call()).value?.text == "Hi.")
  }
}

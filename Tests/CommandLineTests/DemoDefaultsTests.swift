import Control
import Domain
import Testing

@testable import daybook

/// What the demo opens its ledger with, run through the rules.
@Suite struct DemoDefaultsTests {
  private static let now = Timestamp(microseconds: 1_780_000_000_000_000)
  private static let tiers = Tiers.standard.replaced(by: Tiers([.mid: "vendor/mid"]))

  private static func context(_ kind: ActorKind) -> CommandContext {
    CommandContext(
      principal: kind == .system ? .system : Principal(key: "k", kind: kind, owner: "ann", roles: []), now: now,
      freshID: "fresh", digest: { String($0.count) })
  }

  private static func opened() throws -> ControlState {
    var state = ControlState(ledger: "main")
    let body = JSON.object([
      "name": .text("main"), "time_zone": .text("UTC"), "reporting_currency": .text("USD"), "tiers": tiers.json,
    ])
    let changes = try CommandCatalogue.bootstrapChanges(DemoDefaults.changes(tiers: tiers, now: now))
    try apply(.openLedger(body, prices: DemoPrices.all, changes: changes), .system, &state)
    return state
  }

  @discardableResult
  private static func apply(_ command: Command, _ kind: ActorKind, _ state: inout ControlState) throws -> [JSON?] {
    let planned = try state.decide(command, context(kind))
    for event in planned {
      state.apply(
        AppliedEvent(
          position: state.position + 1, type: event.type, typeVersion: event.typeVersion, subject: event.subject,
          sequence: 1, occurredAt: now, recordedAt: now, actor: "k", actorKind: kind, data: event.data,
          derived: event.derived))
    }
    state.merge()
    return planned.map(\.derived)
  }

  @Test func theLedgerIsOpenedWithTheDefaults() throws {
    let state = try Self.opened()
    let routes = state.allRoutes.map { route in
      "\(route.operation)|\(route.name)|\(route.models.joined(separator: ","))|\(route.isEnabled)"
        + "|\(route.criticality.rawValue)"
    }
    #expect(
      routes == [
        "agent_execution|Agent Execution|deepseek,gemini_flash|true|HIGH",
        "audio_transcription|Audio Transcription|deepgram,openai|true|MEDIUM",
        "chat_message|Chat Messages|deepseek,gemini_flash|true|HIGH",
        "email_analysis|Email Analysis|gemini_flash,deepseek|false|LOW",
        "memory_synthesis|Memory Synthesis|gemini_flash,deepseek|true|MEDIUM",
        "sentiment_analysis|Sentiment Analysis|gemini_flash,deepseek|true|LOW",
        "text_to_speech|Text to Speech|edge_tts,elevenlabs|true|LOW",
        "video_understanding|Video Understanding|gemini_flash|true|MEDIUM",
      ])
    let toggles = state.allToggles.map { "\($0.name) \($0.isEnabled) \($0.isLocked) \($0.control.rawValue)" }
    #expect(
      toggles == [
        "helix_autonomy_enabled false false user", "helix_can_approve_costs false true admin_only",
        "helix_can_change_models false true admin_only", "helix_can_recommend_optimizations false false both",
      ])
    #expect(state.allBudgets.map(\.id) == ["planning-tokens", "tier-share", "user-day"])
    #expect(state.tiers == Self.tiers && state.model("vendor/mid")?.isEnabled == true)
    #expect(state.model("x-ai/grok-4.1-fast") != nil && state.allModels.count == 9)
    #expect(state.approvals(in: .granted).count == 2)
  }

  @Test func callsOfHighRoutesPassUnderTheStandingApprovals() throws {
    var state = try Self.opened()
    for (number, operation) in ["chat_message", "agent_execution"].enumerated() {
      var context = Self.context(.service)
      context.tokens = ["user": "t"]
      let request = JSON.object(["id": .text("call-\(number)"), "operation": .text(operation)])
      let decided = try state.decide(.decide(request), context).first?.derived
      #expect(decided?["outcome"] == .text("allowed"))
      #expect(decided?["reservations"]?.elements?.count == 3)
    }
    let disabled = JSON.object(["id": .text("call-9"), "operation": .text("email_analysis")])
    #expect(try Self.apply(.decide(disabled), .service, &state).first??["outcome"] == .text("denied"))
  }
}

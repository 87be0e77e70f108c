import Control
import Domain

/// What `up --demo` opens the ledger with: the defaults of routes, models, toggles, budgets and standing approvals.
enum DemoDefaults {
  /// How long the standing approvals last.
  private static let standingDays: Int64 = 365

  /// The changes, in the order in which they are made, each `{"change", "body"}`.
  ///
  /// - Parameters:
  ///   - tiers: the models of the tiers, which are made known too.
  ///   - now: when the ledger is opened.
  static func changes(tiers: Tiers, now: Timestamp) -> [JSON] {
    let configured = models(tiers) + routes + toggles + budgets
    return configured + ["chat_message", "agent_execution"].map { standing($0, now) }
  }

  private static func change(_ operation: Change.Operation, _ body: JSON) -> JSON {
    .object(["change": .text(operation.rawValue), "body": body])
  }

  // MARK: Models

  private static func models(_ tiers: Tiers) -> [JSON] {
    let own = [
      model("deepseek", "deepseek", input: 131_072, output: 8_192),
      model("gemini_flash", "google", input: 1_048_576, output: 8_192), model("deepgram", "deepgram"),
      model("openai", "openai"), model("edge_tts", "microsoft"), model("elevenlabs", "elevenlabs"),
    ]
    let known = Set(own.map { $0["body"]?["model"]?.string })
    let others = Set(tiers.models.values).subtracting(known.compactMap { $0 }).sorted()
    return own + others.map { model($0, "openrouter") }
  }

  /// Bounds of models are those that their providers publish; what is billed by other units has none.
  private static func model(_ name: String, _ provider: String, input: Int64? = nil, output: Int64? = nil) -> JSON {
    change(
      .configureModel,
      .object([
        "model": .text(name), "provider": .text(provider), "platform_enabled": .boolean(true),
        "enabled": .boolean(true), "max_input_tokens": input.map(JSON.integer),
        "max_output_tokens": output.map(JSON.integer),
      ]))
  }

  // MARK: Routes

  private static let routes: [JSON] = [
    route("chat_message", "Chat Messages", ["deepseek", "gemini_flash"], .high),
    // 800 output tokens a plan.
    route("agent_execution", "Agent Execution", ["deepseek", "gemini_flash"], .high, mostOutput: 800),
    route("memory_synthesis", "Memory Synthesis", ["gemini_flash", "deepseek"], .medium),
    route("sentiment_analysis", "Sentiment Analysis", ["gemini_flash", "deepseek"], .low),
    route("video_understanding", "Video Understanding", ["gemini_flash"], .medium),
    route("audio_transcription", "Audio Transcription", ["deepgram", "openai"], .medium),
    route("text_to_speech", "Text to Speech", ["edge_tts", "elevenlabs"], .low),
    route("email_analysis", "Email Analysis", ["gemini_flash", "deepseek"], .low, isEnabled: false),
  ]

  private static func route(
    _ operation: String, _ name: String, _ models: [String], _ criticality: Route.Criticality,
    isEnabled: Bool = true, mostOutput: Int64? = nil
  ) -> JSON {
    change(
      .configureRoute,
      .object([
        "operation": .text(operation), "name": .text(name), "primary": .text(models[0]),
        "fallbacks": .array(models.dropFirst().map(JSON.text)), "enabled": .boolean(isEnabled),
        "criticality": .text(criticality.rawValue), "max_output_tokens": mostOutput.map(JSON.integer),
      ]))
  }

  // MARK: Toggles

  private static let toggles: [JSON] = [
    toggle("helix_can_change_models", isLocked: true, .adminOnly, "Agents ask for models by name."),
    toggle("helix_can_approve_costs", isLocked: true, .adminOnly, "Agents approve costs."),
    toggle("helix_can_recommend_optimizations", isLocked: false, .both, "Agents recommend changes."),
    toggle("helix_autonomy_enabled", isLocked: false, .user, "Agents act by themselves."),
  ]

  private static func toggle(_ name: String, isLocked: Bool, _ control: Toggle.Control, _ notes: String) -> JSON {
    change(
      .changeToggle,
      .object([
        "toggle": .text(name), "enabled": .boolean(false), "locked": .boolean(isLocked),
        "controlled_by": .text(control.rawValue), "notes": .text(notes),
      ]))
  }

  // MARK: Budgets

  private static let budgets: [JSON] = [
    change(
      .configureBudget,
      .object([
        "budget": .text("user-day"), "kind": .text("spend"), "scope": .text("user/*"), "window": .text("day"),
        "limit": dollars("50"), "thresholds": .array([.text("25")]), "hard": .boolean(true),
        "enabled": .boolean(true), "note": .text("Per user and day."),
      ])),
    change(
      .configureBudget,
      .object([
        "budget": .text("planning-tokens"), "kind": .text("tokens_per_minute"), "scope": .text("operation/planning"),
        "tokens": .integer(8_000), "hard": .boolean(true), "enabled": .boolean(true),
        "note": .text("Tokens of planning in a minute."),
      ])),
    change(
      .configureBudget,
      .object([
        "budget": .text("tier-share"), "kind": .text("tier_share"), "scope": .text("ledger"),
        "window": .text("month"), "judged_from": dollars("1"), "hard": .boolean(false), "enabled": .boolean(true),
        "shares": .array([share("cheap", "0.8"), share("mid", "0.15"), share("strong", "0.05")]),
        "note": .text("How the spend of a month divides among the tiers."),
      ])),
  ]

  private static func dollars(_ amount: String) -> JSON {
    .object(["amount": .text(amount), "currency": .text("USD")])
  }

  private static func share(_ tier: String, _ share: String) -> JSON {
    .object(["tier": .text(tier), "share": .text(share)])
  }

  // MARK: Standing approvals

  private static func standing(_ operation: String, _ now: Timestamp) -> JSON {
    change(
      .grantStanding,
      .object([
        "operation": .text(operation), "ceiling": dollars("10000"),
        "ends": .text(now.advanced(bySeconds: standingDays * 86_400).description),
      ]))
  }
}

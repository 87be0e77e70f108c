import DaybookClient
import Domain

/// Commands of the models, and of how they did in evaluations.
enum ModelCommands {
  static let all: [CommandDescription] = [list, show, set, evaluations, record]

  private static let list = CommandDescription(
    path: ["models", "list"], summary: "Show the models that decisions may choose", options: CommonOptions.service
  ) { invocation in
    try await CommandAnswer.list(
      invocation, "models", member: "models",
      columns: ["model", "provider", "platform_enabled", "enabled", "tier", "max_output_tokens"].map { .init($0) },
      ifNone: "no models")
  }

  private static let show = CommandDescription(
    path: ["models", "show"], summary: "Show one model", operands: [model], options: CommonOptions.service
  ) { invocation in
    guard let model = try await find(invocation) else {
      throw UsageError("no model is called \(invocation.operand(0) ?? "")", invocation.command)
    }
    Console.write(Array(invocation.rows.text(model).utf8))
    return .done
  }

  private static let model = OperandDescription(name: "MODEL", help: "Its exact name, such as openai/gpt-5.")

  private static let set = CommandDescription(
    path: ["models", "set"], summary: "Configure a model",
    discussion: """
      What is not named stays as it is. A model serves where the platform offers it and the ledger uses it; the
      platform's switch is for admins. Switching off and allowing fewer callers is done at once; the rest needs a
      second human.
      """,
    operands: [model],
    options: [
      .value("--provider", "NAME", "Who serves it."), .flag("--enable", "Use it in this ledger."),
      .flag("--disable", "Do not use it in this ledger."), .flag("--platform-enable", "Offer it on this deployment."),
      .flag("--platform-disable", "Do not offer it on this deployment."),
      .value("--alias", "NAME", "Another name that requests may ask for it by.", isRepeatable: true),
      .value("--tier", "TIER", "The tier that its spend counts for.", allowed: ["strong", "mid", "cheap"]),
      .value(
        "--allow-kind", "KIND", "A kind of key that may be served; without any, all.",
        allowed: ["human", "service", "agent"], isRepeatable: true),
      .value("--allow", "CALLER", "Who may be served: owner/ID or key/ID; without any, all.", isRepeatable: true),
      .value("--max-input-tokens", "N", "The most tokens that an input takes; 0: not known."),
      .value("--max-output-tokens", "N", "The most tokens that an answer takes; 0: not known."),
    ] + ChangeAnswer.options,
    examples: [
      ("daybook models set deepseek --disable", "Stop using a model"),
      (
        "daybook models set openai/gpt-5 --provider openai --platform-enable --enable --max-output-tokens 8192",
        "Make a model known"
      ),
    ]
  ) { invocation in
    let present = try await find(invocation).map(ChangeAnswer.apart)
    var model = present?.configuration ?? .object(["platform_enabled": .boolean(false), "enabled": .boolean(false)])
    if present == nil { model["model"] = .text(invocation.operand(0) ?? "") }
    try change(&model, invocation)
    return try await ChangeAnswer.put(invocation, "models", model, readAt: present?.sequence ?? 0)
  }

  private static func find(_ invocation: Invocation) async throws -> JSONView? {
    let query = [(name: "model", value: invocation.operand(0) ?? "")]
    return try await invocation.service().send("GET", "models", query: query).json()["models"]?.elements.first
  }

  private static func change(_ model: inout JSON, _ invocation: Invocation) throws {
    for member in ["provider", "tier"] {
      if let value = invocation["--\(member)"] { model[member] = .text(value) }
    }
    if let isOn = try invocation.either("--enable", "--disable") { model["enabled"] = .boolean(isOn) }
    if let isOn = try invocation.either("--platform-enable", "--platform-disable") {
      model["platform_enabled"] = .boolean(isOn)
    }
    for (option, member) in [
      ("--alias", "aliases"), ("--allow-kind", "allowed_kinds"), ("--allow", "allowed_callers"),
    ] {
      let values = invocation.all(option)
      if !values.isEmpty { model[member] = .array(values.map { .text($0) }) }
    }
    for (option, member) in [
      ("--max-input-tokens", "max_input_tokens"), ("--max-output-tokens", "max_output_tokens"),
    ] {
      if let most = try invocation.integer(option) { model[member] = most == 0 ? nil : .integer(most) }
    }
  }

  private static let evaluations = CommandDescription(
    path: ["evaluations", "list"], summary: "Show how models did, the last time in each suite",
    options: [.value("--operation", "NAME", "Only for this operation.")] + CommonOptions.service
  ) { invocation in
    try await CommandAnswer.list(
      invocation, "evaluations", member: "evaluations",
      query: invocation["--operation"].map { [(name: "operation", value: $0)] } ?? [],
      columns: ["operation", "model", "suite", "passed", "score", "position"].map { .init($0) },
      ifNone: "no evaluations")
  }

  private static let record = CommandDescription(
    path: ["evaluations", "record"], summary: "Record how a model did in a suite",
    operands: [
      OperandDescription(name: "OPERATION", help: "The operation that it was evaluated for."), model,
      OperandDescription(name: "SUITE", help: "The suite."),
    ],
    options: [
      .flag("--passed", "It passed."), .flag("--failed", "It failed."),
      .value("--score", "SCORE", "From 0 to 1."),
    ] + CommonOptions.command,
    examples: [("daybook evaluations record chat_message deepseek safety --passed --score 0.97", "It passed")]
  ) { invocation in
    guard let hasPassed = try invocation.either("--passed", "--failed") else {
      throw UsageError("--passed or --failed is missing", invocation.command)
    }
    return try await CommandAnswer.post(
      invocation, "evaluations",
      .object([
        "operation": .text(invocation.operand(0) ?? ""), "model": .text(invocation.operand(1) ?? ""),
        "suite": .text(invocation.operand(2) ?? ""), "passed": .boolean(hasPassed),
        "score": invocation["--score"].map { .text($0) },
      ]))
  }
}

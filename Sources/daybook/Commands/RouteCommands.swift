import DaybookClient
import Domain

/// Commands of the routes.
enum RouteCommands {
  static let all: [CommandDescription] = [list, show, set]

  private static let list = CommandDescription(
    path: ["routes", "list"], summary: "Show the routes", options: CommonOptions.service
  ) { invocation in
    try await CommandAnswer.list(
      invocation, "routes", member: "routes",
      columns: ["operation", "name", "primary", "fallbacks", "enabled", "criticality"].map { .init($0) },
      ifNone: "no routes")
  }

  private static let show = CommandDescription(
    path: ["routes", "show"], summary: "Show one route", operands: [operation], options: CommonOptions.service
  ) { invocation in
    let root = try await invocation.service().send("GET", path(invocation)).json()
    Console.write(Array(invocation.rows.text(root["route"] ?? root).utf8))
    return .done
  }

  private static let operation = OperandDescription(name: "OPERATION", help: "The purpose of the calls.")

  private static let set = CommandDescription(
    path: ["routes", "set"], summary: "Configure a route",
    discussion: """
      What is not named stays as it is. Disabling, taking fallbacks away, requiring more and raising the criticality
      is done at once; the rest needs a second human, or, alone and reviewed later, --break-glass.
      """,
    operands: [operation],
    options: [
      .value("--name", "TEXT", "For people."), .value("--primary", "MODEL", "The model that is tried first."),
      .value("--fallback", "MODEL", "A model that is tried next; in this order.", isRepeatable: true),
      .flag("--no-fallbacks", "No other model is tried."), .flag("--enable", "Let calls through."),
      .flag("--disable", "Deny every call."),
      .value("--criticality", "HOW", "Calls of HIGH need an approval.", allowed: ["LOW", "MEDIUM", "HIGH"]),
      .value("--require", "SUITE", "A suite that a model must have passed.", isRepeatable: true),
      .flag("--require-none", "No suite must have been passed."),
      .value("--max-output-tokens", "N", "The most tokens that an answer takes; 0: not known."),
    ] + ChangeAnswer.options,
    examples: [
      ("daybook routes set email_analysis --disable", "Deny every call of an operation"),
      (
        "daybook routes set chat_message --primary gemini_flash --fallback deepseek --reason-code quality",
        "Ask for another model"
      ),
    ]
  ) { invocation in
    let path = path(invocation)
    let present = try await ChangeAnswer.present(invocation, path, member: "route")
    var route = present?.configuration ?? .object(["fallbacks": .array([]), "required_evaluations": .array([])])
    route["operation"] = nil
    try change(&route, invocation)
    return try await ChangeAnswer.put(invocation, path, route, readAt: present?.sequence ?? 0)
  }

  private static func path(_ invocation: Invocation) -> String {
    "routes/\(CommandAnswer.escaped(invocation.operand(0) ?? ""))"
  }

  private static func change(_ route: inout JSON, _ invocation: Invocation) throws {
    for member in ["name", "primary", "criticality"] {
      if let value = invocation["--\(member)"] { route[member] = .text(value) }
    }
    if let isEnabled = try invocation.either("--enable", "--disable") { route["enabled"] = .boolean(isEnabled) }
    if invocation.has("--no-fallbacks") { route["fallbacks"] = .array([]) }
    let fallbacks = invocation.all("--fallback")
    if !fallbacks.isEmpty { route["fallbacks"] = .array(fallbacks.map { .text($0) }) }
    if invocation.has("--require-none") { route["required_evaluations"] = .array([]) }
    let suites = invocation.all("--require")
    if !suites.isEmpty { route["required_evaluations"] = .array(suites.map { .text($0) }) }
    if let most = try invocation.integer("--max-output-tokens") {
      route["max_output_tokens"] = most == 0 ? nil : .integer(most)
    }
  }
}

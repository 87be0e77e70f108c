import DaybookClient
import Domain

/// Commands of the toggles and of the policy.
enum ToggleCommands {
  static let all: [CommandDescription] = [list, set, enforce, showPolicy, setPolicy]

  private static let list = CommandDescription(
    path: ["toggles", "list"], summary: "Show the toggles", options: CommonOptions.service
  ) { invocation in
    try await CommandAnswer.list(
      invocation, "toggles", member: "toggles",
      columns: ["toggle", "enabled", "locked", "controlled_by", "notes"].map { .init($0) }, ifNone: "no toggles")
  }

  private static let toggle = OperandDescription(name: "TOGGLE", help: "Its name, such as helix_can_change_models.")

  private static let set = CommandDescription(
    path: ["toggles", "set"], summary: "Change a toggle",
    discussion: """
      What is not named stays as it is. Switching off and locking is done at once; switching on and unlocking needs a
      second human. A locked toggle must be unlocked before it can be switched on, or with it.
      """,
    operands: [toggle],
    options: [
      .flag("--on", "Let it happen."), .flag("--off", "Stop it."), .flag("--lock", "It cannot be switched on."),
      .flag("--unlock", "It can be switched on."),
      .value(
        "--controlled-by", "WHO", "Who may switch it on.", usual: "admin_only, for a new one",
        allowed: ["admin_only", "user", "both"]),
      .value("--notes", "TEXT", "For people."),
    ] + ChangeAnswer.options,
    examples: [("daybook toggles set helix_autonomy_enabled --off --lock", "Stop it, for good")]
  ) { invocation in
    let path = "toggles/\(CommandAnswer.escaped(invocation.operand(0) ?? ""))"
    let present = try await ChangeAnswer.present(invocation, path, member: "toggle")
    var toggle =
      present?.configuration
      ?? .object(["enabled": .boolean(false), "locked": .boolean(false), "controlled_by": .text("admin_only")])
    toggle["toggle"] = nil
    if let isOn = try invocation.either("--on", "--off") { toggle["enabled"] = .boolean(isOn) }
    if let isLocked = try invocation.either("--lock", "--unlock") { toggle["locked"] = .boolean(isLocked) }
    if let control = invocation["--controlled-by"] { toggle["controlled_by"] = .text(control) }
    if let notes = invocation["--notes"] { toggle["notes"] = .text(notes) }
    return try await ChangeAnswer.put(invocation, path, toggle, readAt: present?.sequence ?? 0)
  }

  private static let enforce = CommandDescription(
    path: ["toggles", "enforce"], summary: "Pass a toggle, or be refused, on record",
    discussion: "Exits with 0 where the toggle is on, and with 1 where it is off, for whomever.",
    operands: [toggle], options: CommonOptions.command
  ) { invocation in
    let name = CommandAnswer.escaped(invocation.operand(0) ?? "")
    let root = try await invocation.service().send(
      "POST", "toggles/\(name)/enforce", json: .object(JSONObject()),
      idempotencyKey: invocation["--idempotency-key"]
    ).json()
    let columns = ["toggle", "outcome", "reason"].map { RowWriter.Column($0) }
    Console.write(Array(invocation.rows.text([root], columns: columns, whole: root).utf8))
    return root["outcome"]?.string == "passed" ? .done : .failed
  }

  private static let showPolicy = CommandDescription(
    path: ["policy", "show"], summary: "Show the rules that hold for all routes", options: CommonOptions.service
  ) { invocation in
    let root = try await invocation.service().send("GET", "policy").json()
    Console.write(Array(invocation.rows.text(root["policy"] ?? root).utf8))
    return .done
  }

  private static let setPolicy = CommandDescription(
    path: ["policy", "set"], summary: "Configure the rules that hold for all routes",
    discussion: "What is not named stays as it is. What tightens is done at once; the rest needs a second human.",
    options: [
      .value("--default-model", "MODEL", "The last candidate of every decision; none: nobody."),
      .value(
        "--cool-down", "FAILURES:WINDOW:DURATION",
        "So many failures in a row within so many seconds, and a model is left alone for so many seconds; none: never."
      ),
      .value("--session-idle", "SECONDS", "How long a session may be idle and stay with its model."),
      .value("--reservation-life", "SECONDS", "How long a reservation waits for its completion."),
      .flag("--refuse-unknown-price", "Refuse models whose price is not known."),
      .flag("--allow-unknown-price", "Refuse them under hard budgets only."),
    ] + ChangeAnswer.options,
    examples: [
      ("daybook policy set --cool-down 3:60:300", "Leave a model alone for five minutes after three failures")
    ]
  ) { invocation in
    guard let present = try await ChangeAnswer.present(invocation, "policy", member: "policy") else {
      throw UsageError("the service tells no policy", invocation.command)
    }
    var policy = present.configuration
    try change(&policy, invocation)
    return try await ChangeAnswer.put(invocation, "policy", policy, readAt: present.sequence)
  }

  private static func change(_ policy: inout JSON, _ invocation: Invocation) throws {
    if let model = invocation["--default-model"] { policy["default_model"] = model == "none" ? nil : .text(model) }
    if let idle = try invocation.integer("--session-idle") { policy["session_idle_s"] = .integer(idle) }
    if let life = try invocation.integer("--reservation-life") { policy["reservation_life_s"] = .integer(life) }
    if let refuses = try invocation.either("--refuse-unknown-price", "--allow-unknown-price") {
      policy["refuses_unknown_price"] = .boolean(refuses)
    }
    guard let rule = invocation["--cool-down"] else { return }
    let numbers = rule.split(separator: ":", omittingEmptySubsequences: false).map { Int64($0) }
    if rule == "none" {
      policy["cool_down"] = nil
    } else if numbers.count == 3, let failures = numbers[0], let window = numbers[1], let duration = numbers[2] {
      policy["cool_down"] = .object([
        "failures": .integer(failures), "window_s": .integer(window), "duration_s": .integer(duration),
      ])
    } else {
      throw UsageError("--cool-down takes FAILURES:WINDOW:DURATION, or none", invocation.command)
    }
  }
}

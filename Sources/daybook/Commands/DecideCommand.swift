import DaybookClient
import Domain

/// `daybook decide`: asks before a call, as services do.
enum DecideCommand {
  static let all: [CommandDescription] = [decide]

  private static let decide = CommandDescription(
    path: ["decide"], summary: "Ask whether a call may be made, and by which model",
    discussion: """
      Exits with 0 where the call is allowed, and with 1 where it is denied or needs an approval. The id names the
      call: asking again with it gives the first answer; a completion reported under the subject call/ID settles what
      was reserved.
      """,
    operands: [OperandDescription(name: "OPERATION", help: "The purpose of the call, such as chat_message.")],
    options: [
      .value("--id", "ID", "Your own name of the call.", usual: "a fresh one"),
      .value("--model", "MODEL", "The model asked for."),
      .value("--tier", "TIER", "The tier whose model is asked for.", allowed: ["strong", "mid", "cheap"]),
      .value("--session", "NAME", "The conversation that it belongs to."),
      .value("--user", "NAME", "Who it is for."), .value("--team", "NAME", "The team that it counts for."),
      .value("--strategy", "NAME", "The strategy that it counts for."),
      .value("--goal", "NAME", "The goal that it counts for."),
      .value("--approval", "ID", "The approval that it is made under."),
      .flag("--requires-approval", "It needs an approval, whatever its route says."),
      .value("--input-tokens", "N", "Tokens of input, at most."),
      .value("--output-tokens", "N", "Tokens of output, at most."),
      .value("--input-characters", "N", "Characters of input, four to a token, instead of tokens."),
      .value("--estimate", "JSON", "What it uses at most, by usage class, instead of the three above."),
    ] + CommonOptions.service,
    examples: [
      (
        "daybook decide chat_message --user ann --input-tokens 1200 --output-tokens 400",
        "Ask for a call of 1,600 tokens"
      ),
      ("daybook decide agent_execution --tier strong --format json", "Ask for the strong tier; show everything"),
    ]
  ) { invocation in
    let root = try await invocation.service().send("POST", "decisions", json: try body(invocation)).json()
    show(root, invocation)
    return root["outcome"]?.string == "allowed" ? .done : .failed
  }

  private static func body(_ invocation: Invocation) throws -> JSON {
    func text(_ option: String) -> JSON? { invocation[option].map { .text($0) } }
    return .object([
      "id": .text(invocation["--id"] ?? EventID.make()), "operation": .text(invocation.operand(0) ?? ""),
      "model": text("--model"), "tier": text("--tier"), "session": text("--session"), "user": text("--user"),
      "team": text("--team"), "strategy": text("--strategy"), "goal": text("--goal"), "approval": text("--approval"),
      "requires_approval": invocation.has("--requires-approval") ? .boolean(true) : nil,
      "estimate": try estimate(invocation),
    ])
  }

  private static func estimate(_ invocation: Invocation) throws -> JSON? {
    if let text = invocation["--estimate"] {
      guard let estimate = try? JSON(parsing: Array(text.utf8)), case .object = estimate else {
        throw UsageError("--estimate takes a JSON object", invocation.command)
      }
      return estimate
    }
    let estimate = JSON.object([
      "input_tokens": try invocation.integer("--input-tokens").map(JSON.integer),
      "output_tokens": try invocation.integer("--output-tokens").map(JSON.integer),
      "input_characters": try invocation.integer("--input-characters").map(JSON.integer),
    ])
    return estimate.members?.isEmpty == true ? nil : estimate
  }

  private static func show(_ root: JSONView, _ invocation: Invocation) {
    let candidates = root["candidates"]?.elements ?? []
    let columns = ["model", "provider", "origin", "fate", "detail"].map { RowWriter.Column($0) }
    if invocation.format == .table {
      Console.write(Array(heading(root).utf8))
      if candidates.isEmpty { return }
    }
    Console.write(Array(invocation.rows.text(candidates, columns: columns, whole: root).utf8))
  }

  private static func heading(_ root: JSONView) -> String {
    func text(_ member: String) -> String { DisplayWidth.harmless(Cell(root[member]).text) }
    var lines = [[text("outcome"), text("model")].filter { !$0.isEmpty }.joined(separator: ": "), text("rationale")]
    if let cost = root["estimate"]?["cost"] { lines.append("At most \(Cell(cost).text).") }
    if let approval = root["approval"]?.string { lines.append("Approval \(DisplayWidth.harmless(approval)).") }
    if let wait = root["retry_after_ms"]?.integer { lines.append("Ask again in \(wait) ms.") }
    lines.append("Decision \(text("id")) at position \(text("position")).")
    return lines.joined(separator: "\n") + "\n\n"
  }
}

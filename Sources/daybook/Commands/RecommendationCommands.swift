import DaybookClient
import Domain

/// Commands about recommended changes.
enum RecommendationCommands {
  static let all: [CommandDescription] = [list, make, accept, dismiss]

  private static let list = CommandDescription(
    path: ["recommendations", "list"], summary: "Show recommendations that wait", options: CommonOptions.service
  ) { invocation in
    try await CommandAnswer.list(
      invocation, "recommendations", member: "recommendations",
      columns: ["recommendation", "kind", "operation", "actor_kind", "owner", "change", "made_at"].map { .init($0) },
      ifNone: "no recommendations")
  }

  private static let make = CommandDescription(
    path: ["recommendations", "make"], summary: "Recommend a change of a route or of a model",
    discussion: "Agents may while the toggle helix_can_recommend_optimizations is on.",
    operands: [OperandDescription(name: "OPERATION", help: "The operation that it is about.")],
    options: [
      .value("--kind", "KIND", "What is to be changed.", usual: "route", allowed: ["route", "model"]),
      .value("--proposed", "JSON", "The whole route, or model, as it is to be; @FILE reads it from a file."),
      .value("--savings", "AMOUNT", "What it would save in a month."),
      .value("--currency", "CODE", "ISO 4217.", usual: "USD"),
      .value("--quality-impact", "DECIMAL", "How the quality score would change."),
      .value("--confidence", "SHARE", "How sure you are, from 0 to 1."),
      .value("--reasoning", "TEXT", "Why."),
    ] + CommonOptions.command,
    examples: [
      (
        "daybook recommendations make chat_message --proposed @route.json --savings 120 --reasoning 'scores as well'",
        "A cheaper route"
      )
    ]
  ) { invocation in
    let savings = invocation["--savings"].map { amount in
      JSON.object(["amount": .text(amount), "currency": .text(invocation["--currency"] ?? "USD")])
    }
    let body = JSON.object([
      "operation": .text(invocation.operand(0) ?? ""), "kind": .text(invocation["--kind"] ?? "route"),
      "proposed": try ApprovalCommands.object("--proposed", invocation), "estimated_savings": savings,
      "estimated_quality_impact": invocation["--quality-impact"].map { .text($0) },
      "confidence": invocation["--confidence"].map { .text($0) },
      "reasoning": .text(try invocation.required("--reasoning")),
    ])
    return try await CommandAnswer.post(invocation, "recommendations", body) { root in
      "Recommended: \(DisplayWidth.harmless(root["recommendation"]?.string ?? "?")).\n"
    }
  }

  private static let accept = CommandDescription(
    path: ["recommendations", "accept"], summary: "Ask to follow a recommendation",
    discussion: "People only, and through an approval: another owner's grant makes the proposed change.",
    operands: [id], options: [reason] + ChangeAnswer.options
  ) { invocation in
    try await ChangeAnswer.send(
      invocation, "POST", "recommendations/\(path(invocation))/accept",
      .object(["reason": .text(try invocation.required("--reason"))]))
  }

  private static let dismiss = CommandDescription(
    path: ["recommendations", "dismiss"], summary: "Dismiss a recommendation", operands: [id],
    options: [reason] + CommonOptions.command
  ) { invocation in
    try await CommandAnswer.post(
      invocation, "recommendations/\(path(invocation))/dismiss",
      .object(["reason": .text(try invocation.required("--reason"))]))
  }

  private static let id = OperandDescription(name: "RECOMMENDATION", help: "Its id.")
  private static let reason = OptionDescription.value("--reason", "TEXT", "Why; it stands in the log.")

  private static func path(_ invocation: Invocation) -> String {
    CommandAnswer.escaped(invocation.operand(0) ?? "")
  }
}

import DaybookClient
import Domain

/// Commands about changes that an admin made alone.
enum BreakGlassCommands {
  static let all: [CommandDescription] = [list, review]

  private static let list = CommandDescription(
    path: ["break-glass", "list"], summary: "Show changes made alone that wait for a review",
    options: CommonOptions.service
  ) { invocation in
    try await CommandAnswer.list(
      invocation, "break-glass", member: "break_glass",
      columns: ["id", "risk", "kind", "owner", "used_at", "reason", "change"].map { .init($0) },
      ifNone: "nothing to review")
  }

  private static let review = CommandDescription(
    path: ["break-glass", "review"], summary: "Review a change that an admin made alone",
    discussion: """
      By another owner, who was there before the change was made. The change stays as it is: who finds it wrong changes it
      back. A key or an owner that was made alone grants nothing until the review says justified.
      """,
    operands: [OperandDescription(name: "ID", help: "Its id.")],
    options: [
      .value("--verdict", "VERDICT", "What you think of it.", allowed: ["justified", "unjustified"]),
      .value("--reason", "TEXT", "Why; it stands in the log."),
    ] + CommonOptions.command,
    examples: [
      ("daybook break-glass review ID --verdict justified --reason 'nobody else was on call'", "After a look at it")
    ]
  ) { invocation in
    let id = CommandAnswer.escaped(invocation.operand(0) ?? "")
    return try await CommandAnswer.post(
      invocation, "break-glass/\(id)/review",
      .object([
        "verdict": .text(try invocation.required("--verdict")), "reason": .text(try invocation.required("--reason")),
      ]))
  }
}

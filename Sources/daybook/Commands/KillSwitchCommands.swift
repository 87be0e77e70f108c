import DaybookClient
import Domain

/// Commands of the kill switches.
enum KillSwitchCommands {
  static let all: [CommandDescription] = [
    list,
    change(
      "activate", "Stop a scope at once",
      "Takes effect at one position of the log: no decision after it lets the scope through."),
    KillSwitchReportCommand.description,
    change("deactivate", "Let a scope go on", "People only: agents may stop and never let go on."),
  ]

  private static let list = CommandDescription(
    path: ["kill-switch", "list"], summary: "Show the active kill switches", options: CommonOptions.service
  ) { invocation in
    try await CommandAnswer.list(
      invocation, "kill-switches", member: "kill_switches",
      columns: ["scope", "since", "actor", "triggered_by", "reason"].map { .init($0) },
      ifNone: "no active kill switch")
  }

  private static func change(_ verb: String, _ summary: String, _ discussion: String) -> CommandDescription {
    CommandDescription(
      path: ["kill-switch", verb], summary: summary, discussion: discussion,
      operands: [
        OperandDescription(
          name: "SCOPE", help: "global, operation/NAME, model/NAME, provider/NAME, user/NAME or team/NAME.")
      ],
      options: [.value("--reason", "TEXT", "Why; it stands in the log.")] + CommonOptions.command,
      examples: [
        ("daybook kill-switch \(verb) model/deepseek --reason 'wrong answers since 14:00'", "One model"),
        ("daybook kill-switch \(verb) global --reason 'drill'", "Everything"),
      ]
    ) { invocation in
      try await CommandAnswer.post(
        invocation, "kill-switches/\(verb)",
        .object([
          "scope": .text(invocation.operand(0) ?? ""), "reason": .text(try invocation.required("--reason")),
          "triggered_by": .text("cli"),
        ]))
    }
  }
}

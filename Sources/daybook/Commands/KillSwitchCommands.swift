import DaybookClient
import Domain

/// Commands of the kill switches.
enum KillSwitchCommands {
  static let all: [CommandDescription] = [
    list,
    activate, KillSwitchReportCommand.description, deactivate,
  ]

  private static let list = CommandDescription(
    path: ["kill-switch", "list"], summary: "Show the active kill switches", options: CommonOptions.service
  ) { invocation in
    try await CommandAnswer.list(
      invocation, "kill-switches", member: "kill_switches",
      columns: ["scope", "since", "actor", "triggered_by", "reason"].map { .init($0) },
      ifNone: "no active kill switch")
  }

  private static let activate = CommandDescription(
    path: ["kill-switch", "activate"], summary: "Stop a scope at once",
    discussion: "Takes effect at one position of the log: no decision after it lets the scope through.",
    operands: [scope], options: [reason] + CommonOptions.command,
    examples: [
      ("daybook kill-switch activate model/deepseek --reason 'wrong answers since 14:00'", "One model"),
      ("daybook kill-switch activate global --reason 'drill'", "Everything"),
    ]
  ) { invocation in
    try await CommandAnswer.post(invocation, "kill-switches/activate", try body(invocation))
  }

  private static let deactivate = CommandDescription(
    path: ["kill-switch", "deactivate"], summary: "Ask to let a scope go on",
    discussion: """
      People only, and two of them: the scope goes on when another owner grants the approval that this asks for. For global it
      takes two other owners and a piece of evidence. Where nobody else is at hand, an admin may --break-glass.
      """,
    operands: [scope], options: [reason] + ChangeAnswer.options,
    examples: [
      ("daybook kill-switch deactivate model/deepseek --reason 'fixed at 15:10'", "Ask a second person"),
      (
        "daybook kill-switch deactivate global --reason 'drill is over' --break-glass 'alone on call'",
        "Alone, to be reviewed"
      ),
    ]
  ) { invocation in
    try await ChangeAnswer.send(invocation, "POST", "kill-switches/deactivate", try body(invocation))
  }

  private static let scope = OperandDescription(
    name: "SCOPE", help: "global, operation/NAME, model/NAME, provider/NAME, user/NAME or team/NAME.")
  private static let reason = OptionDescription.value("--reason", "TEXT", "Why; it stands in the log.")

  private static func body(_ invocation: Invocation) throws -> JSON {
    .object([
      "scope": .text(invocation.operand(0) ?? ""), "reason": .text(try invocation.required("--reason")),
      "triggered_by": .text("cli"),
    ])
  }
}

/// Help for people: what there is, what it is for, and what to try.
enum HelpText {
  /// All commands, or the family with this first word.
  static func overview(_ commands: [CommandDescription], prefix: [String] = []) -> String {
    let shown = commands.filter { !$0.isHidden && $0.path.starts(with: prefix) }
    let width = shown.map(\.name.count).max() ?? 0
    var text = ""
    if prefix.isEmpty {
      text += """
        daybook: an event-sourced ledger for AI operations

        Every route decision, completion, cost, approval and kill-switch change is written down once, in order, and never
        changed; the books (daily spend, per-model P&L, …) are posted from it.

        usage: daybook COMMAND [OPTIONS]


        """
    } else {
      text += "usage: daybook \(prefix.joined(separator: " ")) COMMAND [OPTIONS]\n\n"
    }
    for command in shown { text += "  \(padded(command.name, width))  \(command.summary)\n" }
    if prefix.isEmpty {
      text += """

        `daybook COMMAND --help` explains one of them. Exit codes: 0 done, 1 a check failed or the ledger refused,
        2 usage, 3 unavailable. Environment: DAYBOOK_URL, DAYBOOK_KEY, DAYBOOK_LEDGER, DAYBOOK_DATABASE_URL, DAYBOOK_DATA.

        """
    }
    return text
  }

  /// One command.
  static func command(_ command: CommandDescription) -> String {
    var usage = "usage: daybook \(command.name)"
    for operand in command.operands { usage += operand.isRequired ? " \(operand.name)" : " [\(operand.name)]" }
    let options = command.options.filter { !$0.isHidden }
    if !options.isEmpty { usage += " [OPTIONS]" }
    if command.takesParameters { usage += " [--PARAMETER VALUE …]" }
    var text = "\(command.summary)\n\n\(usage)\n"
    if !command.discussion.isEmpty { text += "\n\(command.discussion)\n" }
    let operands = command.operands.map { ($0.name, $0.help) }
    let lines = operands + options.map { (written($0), explained($0)) }
    let width = min(30, lines.map(\.0.count).max() ?? 0)
    if !lines.isEmpty { text += "\n" }
    for (name, help) in lines {
      let indent = String(repeating: " ", count: width + 4)
      let wrapped = wrap(help, 118 - indent.count)
      text += name.count > width ? "  \(name)\n\(indent)" : "  \(padded(name, width))  "
      text += wrapped.joined(separator: "\n\(indent)") + "\n"
    }
    let examples = command.examples.isEmpty ? CommandExamples.lines(of: command.name) : command.examples
    if !examples.isEmpty {
      text += "\nExamples:\n"
      for example in examples { text += "  \(example.what)\n    \(example.line)\n" }
    }
    return text
  }

  private static func written(_ option: OptionDescription) -> String {
    option.value.map { "\(option.name) \($0)" } ?? option.name
  }

  private static func explained(_ option: OptionDescription) -> String {
    var text = option.help
    if !option.allowed.isEmpty { text += " One of \(option.allowed.joined(separator: ", "))." }
    if let variable = option.environment { text += " Environment: \(variable)." }
    if let usual = option.usual { text += " Usually \(usual)." }
    if option.isRepeatable { text += " May be repeated." }
    return text
  }

  static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  /// Breaks a text between words.
  static func wrap(_ text: String, _ width: Int) -> [String] {
    var lines = [""]
    for word in text.split(separator: " ") {
      let last = lines[lines.count - 1]
      if last.isEmpty {
        lines[lines.count - 1] = String(word)
      } else if last.count + 1 + word.count <= width {
        lines[lines.count - 1] += " \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}

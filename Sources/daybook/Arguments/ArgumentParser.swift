/// Reads a command line against a table of commands; pure.
struct ArgumentParser {
  /// What somebody wants.
  enum Request {
    case run(Invocation)
    /// Help about a command, with the operands that were given beside `--help`.
    case help(CommandDescription, operands: [String])
    /// Help about all commands, or those that begin with a word.
    case overview(prefix: [String])
    case version
  }

  let commands: [CommandDescription]

  /// Reads arguments, without the program's own name.
  func parse(_ arguments: [String], environment: [String: String]) throws(UsageError) -> Request {
    var words: [String] = []
    for argument in arguments {
      if argument.hasPrefix("-") { break }
      words.append(argument)
    }
    if words.isEmpty {
      switch arguments.first {
      case "--version": return .version
      case nil, "--help", "-h": return .overview(prefix: [])
      case let option?: throw UsageError("\(option) stands before any command")
      }
    }
    if words[0] == "help" { return try help(about: Array(words.dropFirst())) }
    guard let command = command(for: words) else { return try unknown(words, arguments) }
    return try read(command, Array(arguments.dropFirst(command.path.count)), environment)
  }

  /// The command with the longest path that the words begin with.
  private func command(for words: [String]) -> CommandDescription? {
    commands.filter { words.starts(with: $0.path) }.max { $0.path.count < $1.path.count }
  }

  private func help(about words: [String]) throws(UsageError) -> Request {
    if words.isEmpty { return .overview(prefix: []) }
    if let command = command(for: words) {
      return .help(command, operands: Array(words.dropFirst(command.path.count)))
    }
    return try unknown(words, words + ["--help"])
  }

  /// A family of commands (`approvals`), or none at all.
  private func unknown(_ words: [String], _ arguments: [String]) throws(UsageError) -> Request {
    let family = commands.filter { $0.path.count > 1 && $0.path[0] == words[0] }
    if !family.isEmpty {
      if words.count == 1 && (arguments.count == 1 || arguments.contains("--help") || arguments.contains("-h")) {
        return .overview(prefix: [words[0]])
      }
      let second = words.count > 1 ? words[1] : arguments[1]
      let nearest = Suggestion.nearest(to: second, among: family.map { $0.path[1] })
      let list = family.map { $0.path[1] }.joined(separator: ", ")
      throw UsageError(
        "`daybook \(words[0])` needs one of: \(list)" + (nearest.map { ". Did you mean `\($0)`?" } ?? ""))
    }
    let names = Set(commands.filter { !$0.isHidden }.map { $0.path[0] } + ["help"])
    let nearest = Suggestion.nearest(to: words[0], among: names.sorted())
    throw UsageError("there is no command `\(words[0])`" + (nearest.map { ". Did you mean `\($0)`?" } ?? ""))
  }

  private func read(
    _ command: CommandDescription, _ arguments: [String], _ environment: [String: String]
  ) throws(UsageError) -> Request {
    var invocation = Invocation(command, environment: environment)
    var rest = arguments[...]
    var wantsHelp = false
    while let argument = rest.popFirst() {
      if argument == "--" {
        for operand in rest { invocation.addOperand(operand) }
        break
      }
      if argument == "--help" || argument == "-h" {
        wantsHelp = true
        continue
      }
      guard argument.hasPrefix("-"), argument != "-" else {
        invocation.addOperand(argument)
        continue
      }
      if wantsHelp { continue }
      try option(argument, &rest, &invocation)
    }
    if wantsHelp { return .help(command, operands: invocation.operands) }
    try check(invocation)
    return .run(invocation)
  }

  private func option(
    _ argument: String, _ rest: inout ArraySlice<String>, _ invocation: inout Invocation
  ) throws(UsageError) {
    let command = invocation.command
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    let attached = parts.count == 2 ? String(parts[1]) : nil
    guard let description = command.options.first(where: { $0.name == name }) else {
      if command.takesParameters, name.hasPrefix("--"), name.count > 2 {
        guard let value = attached ?? rest.popFirst() else { throw UsageError("\(name) needs a value", command) }
        invocation.addParameter(String(name.dropFirst(2).replacing("-", with: "_")), value)
        return
      }
      let names = command.options.filter { !$0.isHidden }.map(\.name) + ["--help"]
      let nearest = Suggestion.nearest(to: name, among: names)
      throw UsageError(
        "`daybook \(command.name)` has no option \(name)" + (nearest.map { ". Did you mean \($0)?" } ?? ""), command)
    }
    if description.value == nil {
      guard attached == nil else { throw UsageError("\(name) takes no value", command) }
      invocation.add("", to: name)
      return
    }
    guard let value = attached ?? rest.popFirst() else { throw UsageError("\(name) needs a value", command) }
    guard description.isRepeatable || invocation.values[name] == nil else {
      throw UsageError("\(name) is given twice", command)
    }
    guard description.allowed.isEmpty || description.allowed.contains(value) else {
      throw UsageError("\(name) is one of \(description.allowed.joined(separator: ", "))", command)
    }
    invocation.add(value, to: name)
  }

  private func check(_ invocation: Invocation) throws(UsageError) {
    let command = invocation.command
    let required = command.operands.filter(\.isRequired).count
    if invocation.operands.count < required {
      throw UsageError("\(command.operands[invocation.operands.count].name) is missing", command)
    }
    if invocation.operands.count > command.operands.count {
      throw UsageError("one argument too many: `\(invocation.operands[command.operands.count])`", command)
    }
  }
}

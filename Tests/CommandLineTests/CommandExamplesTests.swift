import Testing

@testable import daybook

/// `--help` teaches by lines to try; 35 of the commands had none, and some lines did not fit a screen.
@Suite struct CommandExamplesTests {
  @Test func everyLineIsOneOfItsCommandThatParses() throws {
    let parser = ArgumentParser(commands: CommandTable.all)
    for (name, example) in CommandExamples.all {
      #expect(CommandTable.all.contains { $0.name == name && $0.examples.isEmpty }, "\(name)")
      let words = Self.words(example.line)
      #expect(words.first == "daybook")
      guard case .run(let invocation) = try parser.parse(Array(words.dropFirst()), environment: [:]) else {
        Issue.record("\(example.line) is not run")
        continue
      }
      #expect(invocation.command.name == name)
    }
  }

  @Test func aCommandWithoutLinesOfItsOwnHasThem() throws {
    let help = HelpText.command(try #require(CommandTable.all.first { $0.name == "routes show" }))
    #expect(
      help.hasSuffix(
        "\nExamples:\n  Primary, fallbacks, and what it requires\n    daybook routes show chat_message\n"))
  }

  @Test func helpFitsAScreen() {
    for command in CommandTable.all {
      let widest = HelpText.command(command).split(separator: "\n").map(\.count).max() ?? 0
      #expect(widest <= 120, "\(command.name): \(widest)")
    }
  }

  /// As a shell takes a line apart, up to what is for the shell itself.
  private static func words(_ line: String) -> [String] {
    var words: [String] = []
    for (index, part) in line.split(separator: "'", omittingEmptySubsequences: false).enumerated() {
      if index % 2 == 1 { words.append(String(part)) } else { words += part.split(separator: " ").map(String.init) }
    }
    return Array(words.prefix { !["&&", ">"].contains($0) })
  }
}

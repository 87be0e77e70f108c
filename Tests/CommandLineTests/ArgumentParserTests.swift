import Testing

@testable import daybook

@Suite struct ArgumentParserTests {
  private let parser = ArgumentParser(commands: CommandTable.all)

  private func invocation(_ line: String, environment: [String: String] = [:]) throws -> Invocation {
    let request = try parser.parse(line.split(separator: " ").map(String.init), environment: environment)
    guard case .run(let invocation) = request else {
      Issue.record("\(line) is not run")
      throw CheckFailure("not run")
    }
    return invocation
  }

  @Test func optionsStandAnywhereBehindTheCommandInBothSpellings() throws {
    let given = try invocation("append --batch=20 events.ndjson --ledger side --format json")
    #expect(given.command.name == "append")
    #expect(given.operands == ["events.ndjson"])
    #expect(try given.integer("--batch") == 20)
    #expect(given.ledger == "side")
    #expect(given.format == .json)
  }

  @Test func theLongestCommandWins() throws {
    #expect(try invocation("approvals grant a1 --reason ok").command.name == "approvals grant")
    #expect(try invocation("kill-switch list").command.name == "kill-switch list")
  }

  @Test func everythingBehindTwoDashesIsAnOperand() throws {
    #expect(try invocation("kill-switch activate --reason x -- --global").operands == ["--global"])
  }

  @Test func optionsThatAreNotListedAreParametersOfAQuery() throws {
    let given = try invocation(
      "query daily_spend --from 2023-11-16 --group-by=operation --group-by model --format csv")
    #expect(given.parameters.map(\.name) == ["from", "group_by", "group_by"])
    #expect(given.parameters.map(\.value) == ["2023-11-16", "operation", "model"])
    #expect(given.format == .csv)
  }

  @Test func theEnvironmentCountsWhereNothingIsGivenAndIsNotEmpty() throws {
    #expect(try invocation("events", environment: ["DAYBOOK_LEDGER": "side"]).ledger == "side")
    #expect(try invocation("events", environment: ["DAYBOOK_LEDGER": ""]).ledger == "main")
    #expect(try invocation("events --ledger third", environment: ["DAYBOOK_LEDGER": "side"]).ledger == "third")
  }

  @Test(arguments: [
    ("quer daily_spend", "Did you mean `query`"),
    ("approvals gran a1", "Did you mean `grant`"),
    ("approvals --reason x", "needs one of: list, show"),
    ("events --folow", "Did you mean --follow"),
    ("events --format yaml", "--format is one of table, json, csv, ndjson"),
    ("events --limit", "--limit needs a value"),
    ("events --follow=yes", "--follow takes no value"),
    ("events --limit 1 --limit 2", "--limit is given twice"),
    ("event", "POSITION is missing"),
    ("event 1 2", "one argument too many: `2`"),
    ("--ledger main events", "stands before any command"),
    ("zzz", "there is no command `zzz`"),
  ])
  func whatIsWrongIsSaidWithWhatWasPerhapsMeant(line: String, message: String) {
    let error = #expect(throws: UsageError.self) {
      _ = try parser.parse(line.split(separator: " ").map(String.init), environment: [:])
    }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    #expect(error.map { Failure($0).exitCode } == .usage)
  }

  @Test func numbersOutsideTheirBoundsAreRefused() throws {
    let given = try invocation("append --batch 10001 x")
    let error = #expect(throws: UsageError.self) { _ = try given.integer("--batch", in: 1...10_000) }
    #expect(error?.message == "--batch takes a whole number, 1 to 10000")
  }

  @Test(arguments: ["--help", "-h", "help", ""])
  func helpIsFound(line: String) throws {
    guard case .overview = try parser.parse(line.isEmpty ? [] : [line], environment: [:]) else {
      Issue.record("no overview for \(line)")
      return
    }
  }

  @Test func everyCommandExplainsItself() throws {
    for command in CommandTable.all {
      guard case .help = try parser.parse(command.path + ["--help"], environment: [:]) else {
        // `help` itself answers with the overview.
        #expect(command.name == "help")
        continue
      }
      let text = HelpText.command(command)
      #expect(text.contains("usage: daybook \(command.name)"))
      for line in text.prefix(upTo: text.firstRange(of: "\nExamples:")?.lowerBound ?? text.endIndex).split(
        separator: "\n")
      { #expect(line.count <= 120, "\(command.name): \(line)") }
      for option in command.options where !option.isHidden { #expect(text.contains(option.name)) }
    }
  }

  @Test func everyExampleOfTheHelpIsReadAsItStands() throws {
    for command in CommandTable.all {
      for example in command.examples {
        guard let start = example.line.firstRange(of: "daybook ") else { continue }
        let words = ShellWords.split(String(example.line[start.upperBound...]))
        _ = try parser.parse(words, environment: [:])
      }
    }
  }

  @Test func noCommandHasOneOptionTwice() {
    for command in CommandTable.all {
      let names = command.options.map(\.name)
      #expect(Set(names).count == names.count, "\(command.name)")
    }
  }
}

/// Splits a line of an example as a shell would: single quotes, redirections and pipes left out.
enum ShellWords {
  static func split(_ line: String) -> [String] {
    var words: [String] = []
    var word = ""
    var isQuoted = false
    var isWord = false
    for character in line {
      switch character {
      case "'":
        isQuoted.toggle()
        isWord = true
      case " " where !isQuoted:
        if isWord { words.append(word) }
        (word, isWord) = ("", false)
      case ">",
        "|" where !isQuoted:
        return words
      default:
        word.append(character)
        isWord = true
      }
    }
    return isWord ? words + [word] : words
  }
}

@Suite struct SuggestionTests {
  @Test(arguments: [
    ("", "abc", 3), ("kitten", "sitting", 3), ("form", "from", 1), ("same", "same", 0), ("ca", "abc", 3),
  ])
  func distanceCountsEdits(left: String, right: String, distance: Int) {
    #expect(Suggestion.distance(left, right) == distance)
    #expect(Suggestion.distance(right, left) == distance)
  }

  @Test func nothingIsSuggestedFromTooFarAway() {
    #expect(Suggestion.nearest(to: "events", among: ["prices", "keys"]) == nil)
    #expect(Suggestion.nearest(to: "appr", among: ["append", "approvals"]) == "approvals")
  }
}

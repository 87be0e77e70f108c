import DaybookClient
import Foundation
import Lifecycle
import Postgres
import Projections

/// `daybook`: reads the command line, runs the command, and turns how it went into an exit code.
@main
struct DaybookCommandLine {
  static func main() async {
    TerminationSignals.ignoreBrokenPipes()
    let environment = ProcessInfo.processInfo.environment
    exit(await run(Array(CommandLine.arguments.dropFirst()), environment: environment).rawValue)
  }

  /// Runs one command.
  static func run(_ arguments: [String], environment: [String: String]) async -> ExitCode {
    do {
      let parser = ArgumentParser(commands: CommandTable.all)
      switch try parser.parse(arguments, environment: environment) {
      case .overview(let prefix): Console.write(Array(HelpText.overview(CommandTable.all, prefix: prefix).utf8))
      case .help(let command, let operands):
        Console.write(Array(HelpText.command(command).utf8))
        if command.takesParameters, let book = operands.first {
          await BookCommands.explain(book, Invocation(command, environment: environment))
        }
      case .version: Console.print(Version.line)
      case .run(let invocation): return try await invocation.command.run(invocation)
      }
      return .done
    } catch {
      let failure = Failure(error)
      Console.tell("daybook: \(failure.message)")
      return failure.exitCode
    }
  }
}

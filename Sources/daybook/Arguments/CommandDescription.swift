/// A command: everything that parsing it, explaining it and running it needs.
struct CommandDescription: Sendable {
  /// Words after `daybook`: `["approvals", "grant"]`.
  var path: [String]
  /// One line for the list of commands.
  var summary: String
  /// What somebody who meets it for the first time should know.
  var discussion = ""
  var operands: [OperandDescription] = []
  var options: [OptionDescription] = []
  /// Takes options that are not listed as parameters of a book's query.
  var takesParameters = false
  /// Lines to try, each with what it does.
  var examples: [(line: String, what: String)] = []
  /// Left out of the list of commands.
  var isHidden = false
  /// Does it.
  var run: @Sendable (Invocation) async throws -> ExitCode

  /// `approvals grant`
  var name: String { path.joined(separator: " ") }
}

/// What scripts see of how a command went.
enum ExitCode: Int32, Sendable {
  /// Done, and what was checked holds.
  case done = 0
  /// A check failed, or the ledger refused.
  case failed = 1
  /// The command was not written as it should be.
  case usage = 2
  /// The service, the database or something else that is needed is not there.
  case unavailable = 3
}

/// A command that was not written as it should be; ends with exit code 2.
struct UsageError: Error, CustomStringConvertible {
  /// What is wrong.
  var message: String
  /// Whose help to point to; nil for the whole.
  var command: CommandDescription?

  init(_ message: String, _ command: CommandDescription? = nil) {
    self.message = message
    self.command = command
  }

  var description: String {
    let help = (["daybook"] + (command?.path ?? []) + ["--help"]).joined(separator: " ")
    return "\(message)\nSee `\(help)`."
  }
}

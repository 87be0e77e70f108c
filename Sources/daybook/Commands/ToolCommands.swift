import Lifecycle

/// Commands about the program itself.
enum ToolCommands {
  static let all: [CommandDescription] = [
    CommandDescription(path: ["version"], summary: "Print the version") { _ in
      Console.print(Version.line)
      return .done
    },
    // The parser answers it before it would run.
    CommandDescription(
      path: ["help"], summary: "Explain a command", operands: [OperandDescription(name: "COMMAND", help: "Which.")]
    ) { _ in .done },
  ]
}

/// The program's version.
enum Version {
  static let text = "0.2.0"
  /// What `daybook version` prints: the version, and whose `malloc` runs, which decides about speed.
  static var line: String {
    "daybook \(text), with \(Allocator.isInPlace ? "mimalloc \(Allocator.version)" : "the malloc of the C library")"
  }
}

import Foundation

/// Programs that a test runs: the `daybook` that was built with the tests, and those of the system.
enum Program {
  /// Beside the test bundle, which is the program that runs now.
  static let daybook = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .appendingPathComponent("daybook").path

  /// Runs `daybook` to its end.
  static func run(
    _ arguments: [String], environment: [String: String] = [:]
  ) async throws -> (status: Int32, output: String) {
    try await run(daybook, arguments, environment: environment)
  }

  /// Runs a program to its end; both its outputs are one text.
  static func run(
    _ path: String, _ arguments: [String], environment: [String: String] = [:], input: String = ""
  ) async throws -> (status: Int32, output: String) {
    let folder = try Folder()
    try folder.write(input, to: "input")
    let process = try start(path, arguments, environment: environment, input: folder.path + "/input", folder: folder)
    await end(of: process)
    return (process.terminationStatus, try String(contentsOfFile: folder.path + "/output", encoding: .utf8))
  }

  /// Waits for the end of a process; Foundation's own way of waiting keeps a core busy.
  static func end(of process: Process, isolation: isolated (any Actor)? = #isolation) async {
    while process.isRunning { try? await Task.sleep(for: .milliseconds(5)) }
  }

  /// Starts a program; its words go to the file `output` of the folder.
  static func start(
    _ path: String, _ arguments: [String], environment: [String: String] = [:], input: String = "/dev/null",
    folder: Folder
  ) throws -> sending Process {
    let output = folder.path + "/output"
    try folder.write("", to: "output")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    var variables = environment
    for name in ["PATH", "HOME", "LD_LIBRARY_PATH", "PYENV_VERSION"] {
      if let value = ProcessInfo.processInfo.environment[name] { variables[name] = value }
    }
    process.environment = variables
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
    process.standardOutput = file
    process.standardError = file
    process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: input))
    try process.run()
    return process
  }
}

/// A folder of a test's own, gone with it.
final class Folder: Sendable {
  let path: String

  init() throws {
    path = "/tmp/daybook-interface-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file, and the folders above it.
  func write(_ text: String, to name: String) throws {
    let file = URL(fileURLWithPath: path).appendingPathComponent(name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }
}

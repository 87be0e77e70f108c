import Foundation

/// The `daybook` that was built together with the tests.
enum Program {
  /// Beside the test bundle, which is the program that runs now.
  static let path = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .appendingPathComponent("daybook").path

  /// A folder for one test's files, which the server's account may pass through.
  static func makeFolder() throws -> String {
    let path = "/tmp/daybook-faults-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    return path
  }

  /// Starts it with these arguments and nothing of our environment but what a program needs.
  static func start(
    _ name: String, _ arguments: [String], folder: String, environment: [String: String] = [:]
  ) throws -> Spawned {
    var variables = ["PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": folder]
    for name in ["LD_LIBRARY_PATH", "LLVM_PROFILE_FILE"] {
      if let value = ProcessInfo.processInfo.environment[name] { variables[name] = value }
    }
    variables.merge(environment) { $1 }
    return try Spawned(name, [path] + arguments, environment: variables, outputPath: "\(folder)/\(name).out")
  }

  /// Runs it to its end.
  static func run(
    _ arguments: [String], folder: String, environment: [String: String] = [:], within bound: Duration = .seconds(180)
  ) async throws -> (status: Int32, output: String) {
    let name = "run-\(arguments[0])-\(UInt32.random(in: 0...UInt32.max))"
    let process = try start(name, arguments, folder: folder, environment: environment)
    let status = try await process.exit(within: bound)
    return (status, process.output)
  }
}

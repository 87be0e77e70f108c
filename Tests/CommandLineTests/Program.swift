import Foundation
import Glibc

@testable import daybook

/// The built `daybook`, run as a process of its own with a data folder of its own.
final class Program: Sendable {
  /// How a run went.
  struct Outcome: Sendable {
    var exitCode: Int32
    var output: String
    var errors: String
    /// Rows of `--format ndjson`.
    var lines: [Substring] { output.split(separator: "\n") }
  }

  let folder = FileManager.default.temporaryDirectory.appending(path: "daybook-\(UUID().uuidString)").path
  var data: String { folder + "/data" }
  var readyFile: String { folder + "/ready.json" }
  var log: String { folder + "/up.log" }

  init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Beside the test runner.
  static var executable: String {
    URL(fileURLWithPath: ProcessIdentity.executable).deletingLastPathComponent().appending(path: "daybook").path
  }

  /// Starts a program with its output in files; its process id.
  func start(_ arguments: [String], output: String, errors: String) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let flags = O_WRONLY | O_CREAT | O_APPEND
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, flags, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, errors, flags, 0o600)
    var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("DAYBOOK_") }
    environment["DAYBOOK_DATA"] = data
    var words = arguments.map { strdup($0) } + [nil]
    var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + variables { free(text) } }
    var pid: pid_t = 0
    let result = posix_spawn(&pid, arguments[0], &actions, nil, &words, &variables)
    guard result == 0 else { throw CheckFailure("cannot start \(arguments[0]): \(result)") }
    return pid
  }

  /// Waits for the end of a process; -1 - signal where a signal ended it.
  func wait(_ pid: pid_t) async throws -> Int32 {
    try await blocking {
      var status: Int32 = 0
      while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
      return status & 0x7F == 0 ? (status >> 8) & 0xFF : -1 - (status & 0x7F)
    }
  }

  /// Runs any program to its end.
  func run(program: String, _ arguments: [String]) async throws -> Outcome {
    let stem = "\(folder)/\(UUID().uuidString)"
    let pid = try start([program] + arguments, output: stem + ".out", errors: stem + ".err")
    let code = try await wait(pid)
    return Outcome(exitCode: code, output: Self.text(stem + ".out"), errors: Self.text(stem + ".err"))
  }

  /// Runs `daybook` to its end.
  func run(_ arguments: String...) async throws -> Outcome {
    try await run(program: Self.executable, arguments)
  }

  /// Starts `daybook up`, usually at a free port, and waits until it is ready.
  func up(_ options: [String] = [], port: String = "0", within bound: Duration = .seconds(240)) async throws -> pid_t
  {
    unlink(readyFile)
    let arguments = [Self.executable, "up", "--port", port, "--ready-file", readyFile] + options
    let pid = try start(arguments, output: log, errors: log)
    let deadline = ContinuousClock.now + bound
    while access(readyFile, F_OK) != 0 {
      guard kill(pid, 0) == 0, waitpid(pid, nil, WNOHANG) == 0, ContinuousClock.now < deadline else {
        throw CheckFailure("up is not ready: \(Self.text(log))")
      }
      try await Task.sleep(for: .milliseconds(50))
    }
    return pid
  }

  /// Ends `up` as a terminal would, and answers its exit code.
  func stop(_ pid: pid_t) async throws -> Int32 {
    kill(pid, SIGINT)
    return try await wait(pid)
  }

  /// Ids of the processes that have the data folder in their arguments or work in it.
  var processes: [pid_t] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { pid_t($0) }.filter { pid in
      guard pid != getpid() else { return false }
      let arguments = Self.text("/proc/\(pid)/cmdline")
      let variables = Self.text("/proc/\(pid)/environ")
      return arguments.contains(folder) || variables.contains(folder)
    }
  }

  static func text(_ path: String) -> String {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}

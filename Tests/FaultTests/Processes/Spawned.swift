import Dispatch
@preconcurrency import Glibc
import Synchronization

/// A real process that a test starts, signals and waits for. Its words go to a file.
///
/// A small shell beside it ends it when the test process is gone, however that went.
final class Spawned: Sendable {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  let name: String
  let pid: Int32
  private let outputPath: String
  private let guardian: (pid: Int32, pipe: Int32)
  private let ending: Ending

  /// How it ended. Apart from the process, so that waiting for its end does not keep a forgotten one alive.
  private final class Ending: Sendable {
    let status = Mutex<Int32?>(nil)
  }

  init(_ name: String, _ arguments: [String], environment: [String: String], outputPath: String) throws {
    self.name = name
    self.outputPath = outputPath
    pid = try Self.spawn(arguments, environment, input: nil, output: outputPath)
    guardian = try Self.guardian(of: pid)
    ending = Ending()
    let (pid, guardian, ending) = (pid, guardian, ending)
    DispatchQueue(label: "faults.\(name)").async { Self.collect(pid, guardian, ending) }
  }

  deinit { end() }

  /// Kills it, stopped or not.
  func end() {
    send(SIGCONT)
    send(SIGKILL)
  }

  /// True until it ended and was collected.
  var isRunning: Bool { ending.status.withLock { $0 == nil } }

  /// What it wrote so far, to both outputs.
  var output: String {
    guard let file = fopen(outputPath, "r") else { return "" }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Sends a signal, unless it has ended. Under the lock it is not collected, so its id is still its own.
  func send(_ signal: Int32) { ending.status.withLock { if $0 == nil { _ = kill(pid, signal) } } }

  /// Waits for its end: the exit code, or 128 and the signal. Throws with its last words when it takes longer.
  func exit(within bound: Duration) async throws -> Int32 {
    let deadline = ContinuousClock.now + bound
    while ContinuousClock.now < deadline {
      if let status = ending.status.withLock({ $0 }) { return status }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw Failure(description: "\(name) did not end within \(bound):\n\(output.suffix(2000))")
  }

  private static func collect(_ pid: Int32, _ guardian: (pid: Int32, pipe: Int32), _ ending: Ending) {
    var info = siginfo_t()
    while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
    kill(guardian.pid, SIGKILL)
    close(guardian.pipe)
    var ignored: Int32 = 0
    while waitpid(guardian.pid, &ignored, 0) < 0 && errno == EINTR {}
    ending.status.withLock { status in
      var raw: Int32 = 0
      while waitpid(pid, &raw, 0) < 0 && errno == EINTR {}
      status = raw & 0x7F == 0 ? (raw >> 8) & 0xFF : 128 + (raw & 0x7F)
    }
  }

  private static func guardian(of pid: Int32) throws -> (pid: Int32, pipe: Int32) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw Failure(description: "no pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    let script = "trap '' HUP INT TERM; read line; kill -CONT $1; kill -TERM $1; sleep 5; kill -KILL $1"
    let shell = try spawn(
      ["/bin/sh", "-c", script, "guardian", "\(pid)"], [:], input: ends[0], output: "/dev/null")
    return (shell, ends[1])
  }

  /// What is open now. One that is closed before the spawn does no harm there.
  private static func openDescriptors() -> [Int32] {
    guard let folder = opendir("/proc/self/fd") else { return [] }
    defer { closedir(folder) }
    var descriptors: [Int32] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if let descriptor = Int32(name) { descriptors.append(descriptor) }
    }
    return descriptors
  }

  private static func spawn(
    _ arguments: [String], _ environment: [String: String], input: Int32?, output: String
  ) throws -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let input {
      posix_spawn_file_actions_adddup2(&actions, input, 0)
    } else {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    for descriptor in openDescriptors() where descriptor > 2 {
      posix_spawn_file_actions_addclose(&actions, descriptor)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
    posix_spawnattr_setflags(&attributes, Int16(flags))
    var words = arguments.map { strdup($0) } + [nil]
    var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + variables { free(text) } }
    var pid: Int32 = 0
    let failure = posix_spawn(&pid, arguments[0], &actions, &attributes, &words, &variables)
    guard failure == 0 else { throw Failure(description: "\(arguments[0]): \(String(cString: strerror(failure)))") }
    return pid
  }
}

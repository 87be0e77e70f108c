import Foundation

/// A program of Debian's that runs for its figures.
///
/// Foundation's `Process` hands down the signal mask of whatever thread starts it, and with it blocks the alarm that
/// pgbench ends by.
struct Program {
  private let name: String
  private let pid: pid_t
  private let output: String

  /// Starts it, its output going to a file; what it complains about is shown, but for one that will be interrupted.
  init(
    _ name: String, _ arguments: [String], output: String, environment: [String: String] = [:], isQuiet: Bool = false
  ) throws {
    self.name = name
    self.output = output
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    if isQuiet { posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    let whole = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    var words = ([name] + arguments).map { strdup($0) } + [nil]
    var variables = whole.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + variables { free(text) } }
    var pid: pid_t = 0
    let result = posix_spawnp(&pid, name, &actions, &attributes, &words, &variables)
    guard result == 0 else { throw MeasureError("\(name): \(String(cString: strerror(result)))") }
    self.pid = pid
  }

  /// Waits for its end; answers what it wrote to standard output.
  func finish() throws -> String {
    let status = wait()
    let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
    guard status == 0 else { throw MeasureError("\(name) failed: \(text)") }
    return text
  }

  /// Waits for its end; answers the processor seconds that it took and the most memory that it held, in MiB.
  ///
  /// The kernel's own figure at the end (`ru_maxrss`) counts what this program held when it made the process: so the peak is
  /// read while it runs, twenty times a second. A peak never falls, so only what comes in the last moment may be missing.
  func use() throws -> (seconds: Double, mebibytes: Double) {
    var status: Int32 = 0
    var use = rusage()
    var peak = 0.0
    while true {
      let ended = wait4(pid, &status, WNOHANG, &use)
      if ended == pid { break }
      guard ended == 0 || errno == EINTR else { throw MeasureError("\(name) is not there") }
      peak = max(peak, ProcessUse.mebibytes("VmHWM", of: pid) ?? 0)
      usleep(50_000)
    }
    guard status == 0 else { throw MeasureError("\(name) failed") }
    let times = [use.ru_utime, use.ru_stime].map { Double($0.tv_sec) + Double($0.tv_usec) / 1e6 }
    return (times[0] + times[1], peak)
  }

  /// Its wait status once it has ended; nil while it runs.
  func poll() -> Int32? {
    var status: Int32 = 0
    return waitpid(pid, &status, WNOHANG) == pid ? status : nil
  }

  /// Ends it and waits for that.
  func terminate() {
    kill(pid, SIGTERM)
    _ = wait()
  }

  private func wait() -> Int32 {
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    return status
  }
}

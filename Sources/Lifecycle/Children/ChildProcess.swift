import Dispatch
@preconcurrency import Glibc
import Synchronization

/// A running child: made by `posix_spawn`, collected by `waitpid`, in a process group of its own so that a Ctrl-C at the
/// terminal reaches only its parent, which then ends it in good order.
public final class ChildProcess: Sendable {
  private struct State {
    var status: ExitStatus?
    var waiters: [CheckedContinuation<ExitStatus, Never>] = []
  }
  /// The process id.
  public let pid: Int32
  private let state = Mutex(State())

  /// Starts the program. Standard output and error are the parent's, standard input is empty, and every other descriptor
  /// but the life line is closed.
  init(_ specification: ChildSpecification, lifeLine: LifeLine) throws(LifecycleError) {
    pid = try spawn(specification, lifeLine: lifeLine)
    let collected = pid
    DispatchQueue(label: "daybook.child.\(specification.name)").async { self.collect(collected) }
  }

  /// Waits for the end of the process; answers at once when it has ended.
  public func exit() async -> ExitStatus {
    await withCheckedContinuation { (continuation: CheckedContinuation<ExitStatus, Never>) in
      let status: ExitStatus? = state.withLock { state in
        if state.status == nil { state.waiters.append(continuation) }
        return state.status
      }
      if let status { continuation.resume(returning: status) }
    }
  }

  /// Sends a signal, unless the process has ended.
  public func send(_ signal: Int32) {
    // Under the lock the process is not collected yet, so its id cannot belong to another one.
    state.withLock { state in if state.status == nil { _ = kill(pid, signal) } }
  }

  private func collect(_ pid: Int32) {
    // Waits without collecting, so that `send` never meets an id that is free again.
    var info = siginfo_t()
    while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
    let (status, waiters) = state.withLock { state in
      var raw: Int32 = 0
      while waitpid(pid, &raw, 0) < 0 && errno == EINTR {}
      let status = ExitStatus(waitStatus: raw)
      state.status = status
      defer { state.waiters = [] }
      return (status, state.waiters)
    }
    for waiter in waiters { waiter.resume(returning: status) }
  }
}

private func spawn(_ child: ChildSpecification, lifeLine: LifeLine) throws(LifecycleError) -> Int32 {
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
  posix_spawn_file_actions_adddup2(&actions, lifeLine.reading, ChildSpecification.parentDescriptor)
  // Not only what is open now: other threads open more before the child is made. Closing what is not open does no harm.
  for descriptor in (ChildSpecification.parentDescriptor + 1)..<(highestDescriptor() + 256) {
    posix_spawn_file_actions_addclose(&actions, descriptor)
  }

  var attributes = posix_spawnattr_t()
  posix_spawnattr_init(&attributes)
  defer { posix_spawnattr_destroy(&attributes) }
  var none = sigset_t()
  sigemptyset(&none)
  posix_spawnattr_setsigmask(&attributes, &none)
  var usual = sigset_t()
  sigemptyset(&usual)
  for number in [SIGTERM, SIGINT, SIGPIPE, SIGHUP] { sigaddset(&usual, number) }
  posix_spawnattr_setsigdefault(&attributes, &usual)
  posix_spawnattr_setpgroup(&attributes, 0)
  let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
  posix_spawnattr_setflags(&attributes, Int16(flags))

  var arguments = ([child.executable] + child.arguments).map { strdup($0) } + [nil]
  var environment = child.environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
  defer { for text in arguments + environment { free(text) } }
  var pid: Int32 = 0
  let result = posix_spawn(&pid, child.executable, &actions, &attributes, &arguments, &environment)
  guard result == 0 else {
    throw LifecycleError(
      .spawnFailed, "cannot start \(child.name) (\(child.executable)): \(String(cString: strerror(result)))")
  }
  return pid
}

/// The highest descriptor that is open in this process now.
private func highestDescriptor() -> Int32 {
  guard let folder = opendir("/proc/self/fd") else { return 1024 }
  defer { closedir(folder) }
  var highest = ChildSpecification.parentDescriptor
  while let entry = readdir(folder) {
    let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    highest = max(highest, Int32(name) ?? 0)
  }
  return highest
}

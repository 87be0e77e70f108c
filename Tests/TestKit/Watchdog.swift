import Foundation
import Synchronization

/// A small shell that waits for our end, however it comes, and then ends the cluster and removes its folder.
///
/// It reads from a pipe that only we hold open: SIGKILL, a trap in a test and a regular exit look the same to it.
final class Watchdog: Sendable {
  private struct Lead {
    var pipe: Int32
    var process: pid_t
  }

  private let lead: Mutex<Lead?>

  /// Waits for the end of its input; then SIGQUIT (immediate shutdown), SIGKILL if that is not enough, and the folder.
  private static let script = """
    trap '' HUP INT TERM
    cat > /dev/null
    pid=$(head -n 1 "$1/data/postmaster.pid" 2> /dev/null)
    if [ -n "$pid" ] && [ "$(readlink "/proc/$pid/cwd")" = "$1/data" ]; then
      kill -QUIT "$pid"
      for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        kill -0 "$pid" 2> /dev/null || break
        sleep 0.1
      done
      kill -KILL "$pid" 2> /dev/null
    fi
    rm -rf "$1"
    """

  init(folder: String) {
    var ends: [Int32] = [0, 0]
    precondition(pipe(&ends) == 0, "no pipe for the watchdog")
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
    // Whoever reads our output must not wait for the shell.
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    let words = ["/bin/sh", "-c", Self.script, "watchdog", folder]
    let arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for text in arguments { free(text) } }
    var process: pid_t = 0
    let failure = posix_spawn(&process, "/bin/sh", &actions, &attributes, arguments, environ)
    precondition(failure == 0, "the watchdog does not start")
    close(ends[0])
    lead = Mutex(Lead(pipe: ends[1], process: process))
    AtExit.release(self)
  }

  /// Lets the shell do its work and waits for it.
  func release() {
    let taken = lead.withLock { lead in
      defer { lead = nil }
      return lead
    }
    guard let taken else { return }
    close(taken.pipe)
    var status: Int32 = 0
    while waitpid(taken.process, &status, 0) < 0 && errno == EINTR {}
  }
}

/// What is released when the process exits in an orderly way, so that nothing of it is left a moment later.
private enum AtExit {
  private static let watchdogs = Mutex<[Watchdog]>([])
  private static let isInstalled: Void = { atexit { AtExit.releaseAll() } }()

  static func release(_ watchdog: Watchdog) {
    isInstalled
    watchdogs.withLock { $0.append(watchdog) }
  }

  private static func releaseAll() {
    for watchdog in watchdogs.withLock({ $0 }) { watchdog.release() }
  }
}

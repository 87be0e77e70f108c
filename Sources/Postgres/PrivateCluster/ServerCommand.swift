import CPostgres
import Glibc

/// Runs one of Postgres's programs to its end.
struct ServerCommand {
  /// What a program answered.
  struct Outcome {
    /// Exit code; 128 and the signal when a signal ended it.
    var status: Int32
    /// The end of what it wrote to both outputs, at most 4 KiB.
    var output: String
  }

  var arguments: [String]
  /// Where it runs; the account must be able to enter.
  var folder: String
  /// Takes its output; not a pipe, which the server would inherit and hold open.
  var outputPath: String

  /// Runs it and waits. In a process group of its own, so that ^C at our terminal does not reach it.
  func run() -> Outcome {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, outputPath, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    posix_spawn_file_actions_addclosefrom_np(&actions, 3)
    posix_spawn_file_actions_addchdir_np(&actions, folder)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    // Signals that we ignore would stay ignored in the server.
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
    posix_spawnattr_setflags(&attributes, Int16(flags))
    return spawn(&actions, &attributes)
  }

  /// For malloc of glibc in the server: a statement's memory stays with its process for the next one. By default it goes
  /// back each time, and a sixth of an append's time went into pages that the system clears again.
  private static let keptMemory = ["MALLOC_TRIM_THRESHOLD_=16777216", "MALLOC_MMAP_THRESHOLD_=16777216"]

  private func spawn(
    _ actions: inout posix_spawn_file_actions_t, _ attributes: inout posix_spawnattr_t
  ) -> Outcome {
    let argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    // Messages in English, whatever the terminal speaks; no PG… variable of ours may steer the programs.
    let variables = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "PGTZ=UTC"] + Self.keptMemory
    let environment: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
    defer { for text in argv + environment { free(text) } }
    var child: pid_t = 0
    let failure = posix_spawnp(&child, arguments[0], &actions, &attributes, argv, environment)
    guard failure == 0 else {
      return Outcome(status: 127, output: "\(arguments[0]): \(String(cString: strerror(failure)))")
    }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 {
      // Somebody else reaped it (SIGCHLD ignored): its exit is unknown, its output is not.
      guard errno == EINTR else { return Outcome(status: 0, output: FileTail.read(outputPath)) }
    }
    let signal = status & 0x7F
    return Outcome(status: signal == 0 ? (status >> 8) & 0xFF : 128 + signal, output: FileTail.read(outputPath))
  }
}

/// The end of a text file.
enum FileTail {
  /// The last bytes of a file, from the start of a line; empty when it cannot be read.
  static func read(_ path: String, limit: Int = 4096) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { Glibc.close(descriptor) }
    let size = Int(lseek(descriptor, 0, SEEK_END))
    let start = max(0, size - limit)
    var bytes = [UInt8](repeating: 0, count: max(0, size - start))
    let count = pread(descriptor, &bytes, bytes.count, off_t(start))
    guard count > 0 else { return "" }
    let text = String(decoding: bytes.prefix(count), as: UTF8.self)
    guard start > 0, let newline = text.firstIndex(where: \.isNewline) else { return text }
    return String(text[text.index(after: newline)...])
  }
}

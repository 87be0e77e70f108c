import Glibc

/// The postmaster of a data folder, as the operating system sees it.
struct ServerProcess {
  /// The data folder, without symbolic links.
  var dataFolder: String

  private var pidFile: String { "\(dataFolder)/postmaster.pid" }

  /// The process that the pid file names, if it is one that runs in the data folder.
  ///
  /// A number that was given to another program meanwhile (after a restart of the machine or container) does not count.
  var runningPID: pid_t? { recordedPID.flatMap { runs(inDataFolder: $0) ? $0 : nil } }

  /// The server's processes: the postmaster and its children.
  var allPIDs: [pid_t] {
    FolderListing.names(in: "/proc").compactMap { pid_t($0) }.filter { runs(inDataFolder: $0) }
  }

  /// Removes lock files whose number belongs to something else by now, which Postgres itself would take for a running
  /// server: another program (after a restart of the machine or container), or the server's own remains that nobody
  /// reaps (a container whose first process does not).
  ///
  /// Nothing is removed while any process still runs in the data folder: the files guard the shared memory of orphans.
  /// A number that belongs to nobody is left to Postgres, which cleans up with more checks.
  func removeStaleLockFiles(socketFolder: String) {
    let socketLock = "\(socketFolder)/.s.PGSQL.5432.lock"
    let stale = [pidFile, socketLock].filter { file in
      Self.pid(in: file).map { kill($0, 0) == 0 || errno == EPERM } ?? false
    }
    guard !stale.isEmpty, allPIDs.isEmpty else { return }
    for file in stale { unlink(file) }
  }

  private var recordedPID: pid_t? { Self.pid(in: pidFile) }

  /// The number in a lock file's first line; a negative one is a single-user backend's.
  private static func pid(in file: String) -> pid_t? {
    FileTail.read(file, limit: 65_536).split(whereSeparator: \.isNewline).first.flatMap { pid_t($0) }.map { abs($0) }
  }

  /// Every Postgres process changes into its data folder.
  private func runs(inDataFolder pid: pid_t) -> Bool {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/\(pid)/cwd", &buffer, buffer.count)
    guard count > 0 else { return false }
    return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self) == dataFolder
  }
}

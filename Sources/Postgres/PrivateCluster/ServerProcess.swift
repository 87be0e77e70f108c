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

  /// Removes a pid file that names another program's process, which Postgres itself would take for a running server.
  ///
  /// Left alone while any process still runs in the data folder: the file guards the shared memory of orphans. Left
  /// alone too when the number belongs to nobody: Postgres cleans that up itself, with more checks.
  func removeStalePIDFile() {
    guard let pid = recordedPID, kill(pid, 0) == 0 || errno == EPERM, allPIDs.isEmpty else { return }
    unlink(pidFile)
  }

  private var recordedPID: pid_t? {
    // A negative number is a single-user backend.
    FileTail.read(pidFile, limit: 65_536).split(whereSeparator: \.isNewline).first.flatMap { pid_t($0) }.map {
      abs($0)
    }
  }

  /// Every Postgres process changes into its data folder.
  private func runs(inDataFolder pid: pid_t) -> Bool {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/\(pid)/cwd", &buffer, buffer.count)
    guard count > 0 else { return false }
    return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self) == dataFolder
  }
}

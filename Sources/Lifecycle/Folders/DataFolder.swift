@preconcurrency import Glibc

/// The folder in which a deployment on one machine keeps everything: its database, its keys, and who runs it.
public struct DataFolder: Sendable {
  /// Absolute path.
  public let path: String

  /// The folder for this user: `/var/lib/daybook` for root, else below `XDG_DATA_HOME` or `~/.local/share`.
  public static func usualPath(_ environment: [String: String]) -> String {
    if getuid() == 0 { return "/var/lib/daybook" }
    if let home = environment["XDG_DATA_HOME"], home.hasPrefix("/") { return home + "/daybook" }
    return (environment["HOME"] ?? "/tmp/daybook-\(getuid())") + "/.local/share/daybook"
  }

  /// Names the folder; nothing is touched.
  public init(_ path: String) {
    if path.hasPrefix("/") {
      self.path = path
    } else {
      let current = getcwd(nil, 0)
      defer { free(current) }
      self.path = (current.map { String(cString: $0) } ?? "") + "/" + path
    }
  }

  /// Makes the folder and its parents where they are missing, and lets nobody but the owner in.
  ///
  /// A folder that was there already keeps its permissions, which may be for others than us to choose (`/srv`, a home);
  /// the files in it are closed to others by themselves. Root's folder may be passed through, though not read: the private Postgres below it runs as another user, as
  /// Postgres refuses to run as root.
  /// - Throws: ``LifecycleError`` with `.folderUnusable`.
  public func make() throws(LifecycleError) {
    var made = ""
    var isNew = false
    for part in path.split(separator: "/") {
      made += "/" + part
      isNew = mkdir(made, 0o755) == 0
      if !isNew && errno != EEXIST { throw unusable("cannot make \(made)") }
    }
    var status = stat()
    guard stat(path, &status) == 0 else { throw unusable("cannot look at it") }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw LifecycleError(.folderUnusable, "\(path) is no folder")
    }
    guard status.st_uid == geteuid() else {
      throw LifecycleError(.folderUnusable, "the data folder \(path) belongs to another user")
    }
    let present = status.st_mode & 0o7777
    let wanted: mode_t = isNew ? 0o700 : present
    let passable: mode_t = geteuid() == 0 ? 0o011 : 0
    guard wanted | passable == present || chmod(path, wanted | passable) == 0 else {
      throw unusable("cannot set its permissions")
    }
  }

  /// Holds the folder for this process, until the lock is given back or the process ends.
  /// - Throws: ``LifecycleError`` with `.folderInUse`, naming the process that holds it, or `.folderUnusable`.
  public func lock() throws(LifecycleError) -> FolderLock { try FolderLock(file: path("lock"), folder: path) }

  /// The path of a file in the folder.
  public func path(_ name: String) -> String { path + "/" + name }

  /// The file with the first admin key.
  public var adminKeyFile: String { path("admin.key") }

  /// The file that says where a running copy answers; gone while none is ready.
  public var readyFile: String { path("ready.json") }

  private func unusable(_ what: String) -> LifecycleError {
    LifecycleError(.folderUnusable, "data folder \(path): \(what): \(String(cString: strerror(errno)))")
  }
}

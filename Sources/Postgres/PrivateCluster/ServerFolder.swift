import Glibc

/// The folder of a private cluster and what lies in it.
struct ServerFolder {
  /// Absolute, without symbolic links.
  let path: String
  let account: ServerAccount

  var data: String { "\(path)/data" }
  var log: String { "\(path)/log" }
  /// Output of the last program that was run, and what the server says before it opens its log.
  var output: String { "\(path)/output.log" }
  var startLog: String { "\(path)/start.log" }

  /// Makes the folder, for its owner alone, and gives it to the server's account.
  ///
  /// When we are root the folder is `postgres`'s: nobody but that account and root can enter, so the socket in it
  /// needs no password. It is the cluster's alone: nothing else of ours may lie in it.
  init(_ given: String, account: ServerAccount) throws(PrivateClusterError) {
    try Self.make(given)
    guard let resolved = realpath(given, nil) else { throw Self.unusable(given) }
    path = String(cString: resolved)
    free(resolved)
    self.account = account
    try own(path)
    try Self.make(log)
    try own(log)
    try checkAncestors()
  }

  /// Where the socket lies: in the folder, or in a short path of its own when its address would be too long for the
  /// kernel (107 bytes, unix(7)).
  func socketFolder() throws(PrivateClusterError) -> String {
    let inside = "\(path)/socket"
    if "\(inside)/.s.PGSQL.5432".utf8.count <= 107 {
      try Self.make(inside)
      try own(inside)
      return inside
    }
    let short = "\(Self.runtimeFolder)/daybook-\(shortName)"
    try Self.make(short)
    // Anybody may have made it under /tmp before us.
    var status = stat()
    guard lstat(short, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
      status.st_uid == geteuid() || status.st_uid == account.userID
    else {
      throw PrivateClusterError(code: .folderUnusable, message: "\(short) belongs to somebody else")
    }
    try own(short)
    return short
  }

  /// The end of the server's newest log.
  var latestLogLines: String {
    let times = FolderListing.names(in: log).map { name -> (file: String, changed: Int) in
      var status = stat()
      return ("\(log)/\(name)", stat("\(log)/\(name)", &status) == 0 ? status.st_mtim.tv_sec : 0)
    }
    return times.max { $0.changed < $1.changed }.map { FileTail.read($0.file, limit: 2048) } ?? ""
  }

  /// Writes a file for the server's account, replacing it whole.
  func write(_ text: String, to file: String) throws(PrivateClusterError) {
    let draft = file + ".new"
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.unusable(draft) }
    let bytes = Array(text.utf8)
    let written = Glibc.write(descriptor, bytes, bytes.count)
    fchown(descriptor, account.userID, account.groupID)
    fsync(descriptor)
    Glibc.close(descriptor)
    guard written == bytes.count, rename(draft, file) == 0 else { throw Self.unusable(file) }
  }

  /// 0700, and the account's.
  private func own(_ folder: String) throws(PrivateClusterError) {
    guard chmod(folder, 0o700) == 0, geteuid() != 0 || chown(folder, account.userID, account.groupID) == 0 else {
      throw Self.unusable(folder)
    }
  }

  /// The account must be able to reach the folder through its ancestors, which we do not change.
  private func checkAncestors() throws(PrivateClusterError) {
    guard geteuid() != account.userID else { return }
    var ancestor = path
    while let slash = ancestor.lastIndex(of: "/"), slash != ancestor.startIndex {
      ancestor = String(ancestor[..<slash])
      var status = stat()
      guard stat(ancestor, &status) == 0 else { throw Self.unusable(ancestor) }
      let canEnter =
        status.st_mode & 0o001 != 0 || status.st_uid == account.userID && status.st_mode & 0o100 != 0
        || status.st_gid == account.groupID && status.st_mode & 0o010 != 0
      if !canEnter {
        throw PrivateClusterError(
          code: .folderUnusable,
          message: "the account `postgres`, which runs the server because we are root, cannot enter \(ancestor)")
      }
    }
  }

  private static func make(_ folder: String) throws(PrivateClusterError) {
    if mkdir(folder, 0o700) == 0 || errno == EEXIST { return }
    if errno == ENOENT, let slash = folder.lastIndex(of: "/"), slash != folder.startIndex {
      // Ancestors that are made along the way can be entered by all; what is ours begins below them.
      try makeAncestor(String(folder[..<slash]))
      if mkdir(folder, 0o700) == 0 || errno == EEXIST { return }
    }
    throw unusable(folder)
  }

  private static func makeAncestor(_ folder: String) throws(PrivateClusterError) {
    if mkdir(folder, 0o755) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, let slash = folder.lastIndex(of: "/"), slash != folder.startIndex else {
      throw unusable(folder)
    }
    try makeAncestor(String(folder[..<slash]))
    guard mkdir(folder, 0o755) == 0 || errno == EEXIST else { throw unusable(folder) }
  }

  private static func unusable(_ path: String) -> PrivateClusterError {
    PrivateClusterError(code: .folderUnusable, message: "\(path): \(String(cString: strerror(errno)))")
  }

  private static var runtimeFolder: String {
    if geteuid() == 0 && access("/run", W_OK) == 0 { return "/run" }
    let own = getenv("XDG_RUNTIME_DIR").map { String(cString: $0) } ?? ""
    return !own.isEmpty && own.utf8.count < 60 && access(own, W_OK) == 0 ? own : "/tmp"
  }

  /// FNV-1a of the path: the same folder finds the same socket.
  private var shortName: String {
    let hash = path.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    return String(hash, radix: 36)
  }
}

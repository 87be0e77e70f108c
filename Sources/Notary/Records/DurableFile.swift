import Glibc

/// Files whose content is on the disk before a call returns; for their owner's eyes only.
enum DurableFile {
  /// What the system said.
  struct Failure: Error, CustomStringConvertible {
    var description: String
    init(_ what: String) { description = "\(what): \(String(cString: strerror(errno)))" }
  }

  /// Makes a folder and those above it.
  static func makeFolder(_ path: String) throws(Failure) {
    var made = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      made += "/" + part
      guard mkdir(made, 0o700) == 0 || errno == EEXIST else { throw Failure("making the folder \(made)") }
    }
  }

  /// Makes a file that must not be there: whole under its name, or not at all.
  static func create(_ path: String, _ bytes: [UInt8]) throws(Failure) {
    try makeFolder(folder(of: path))
    let temporary = "\(path).\(getpid()).new"
    unlink(temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Failure("opening") }
    defer {
      close(descriptor)
      unlink(temporary)
    }
    try write(descriptor, bytes)
    guard fsync(descriptor) == 0 else { throw Failure("syncing") }
    // A link, unlike a renaming, fails where the name is taken.
    guard link(temporary, path) == 0 else { throw Failure("naming") }
    try sync(folderOf: path)
  }

  /// Writes all of it.
  static func write(_ descriptor: Int32, _ bytes: [UInt8]) throws(Failure) {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw Failure("writing") }
      written += count
    }
  }

  /// Makes the names in a file's folder durable.
  static func sync(folderOf path: String) throws(Failure) {
    let descriptor = open(folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure("opening the folder") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw Failure("syncing the folder") }
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}

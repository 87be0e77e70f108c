#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// An open file of a spool; closed when it is let go of. Owner-only, since events may name people.
final class SpoolFile {
  let path: String
  private let descriptor: Int32

  /// Opens for reading and writing, and makes the file where it is missing.
  init(_ path: String) throws(DaybookError) {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    if descriptor < 0 { throw Self.failure("open", path) }
  }

  deinit { close(descriptor) }

  /// Takes the lock that keeps other processes, and other appenders of this one, away.
  func lock() throws(DaybookError) {
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      if errno == EWOULDBLOCK {
        throw DaybookError(.spoolInUse, "another process or appender holds the spool \(path)")
      }
      throw Self.failure("lock", path)
    }
  }

  func size() throws(DaybookError) -> Int {
    let end = lseek(descriptor, 0, SEEK_END)
    guard end >= 0 else { throw Self.failure("measure", path) }
    return Int(end)
  }

  /// Writes all bytes at a place.
  func write(_ bytes: [UInt8], at offset: Int) throws(DaybookError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        pwrite(descriptor, $0.baseAddress! + written, bytes.count - written, off_t(offset + written))
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw Self.failure("write", path)
      }
      written += count
    }
  }

  /// Reads up to `count` bytes at a place; fewer at the end of the file.
  func read(at offset: Int, count: Int) throws(DaybookError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = bytes.withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress! + filled, count - filled, off_t(offset + filled))
      }
      if got < 0 {
        if errno == EINTR { continue }
        throw Self.failure("read", path)
      }
      if got == 0 { break }
      filled += got
    }
    bytes.removeLast(count - filled)
    return bytes
  }

  func truncate(to size: Int) throws(DaybookError) {
    guard ftruncate(descriptor, off_t(size)) == 0 else { throw Self.failure("truncate", path) }
  }

  /// Returns when what was written is on the disk.
  func synchronise() throws(DaybookError) {
    #if canImport(Darwin)
      let isDone = fcntl(descriptor, F_FULLFSYNC) == 0
    #else
      let isDone = fdatasync(descriptor) == 0
    #endif
    guard isDone else { throw Self.failure("synchronise", path) }
  }

  /// Makes the names in a folder durable.
  static func synchroniseFolder(_ path: String) throws(DaybookError) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open", path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure("synchronise", path) }
  }

  static func remove(_ path: String) throws(DaybookError) {
    guard unlink(path) == 0 || errno == ENOENT else { throw failure("remove", path) }
  }

  /// Makes a folder, owner-only, and those above it.
  static func makeFolder(_ path: String) throws(DaybookError) {
    if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
      throw failure("make", path)
    }
    try makeFolder(String(path[..<slash]))
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure("make", path) }
  }

  /// The names in a folder.
  static func names(in path: String) throws(DaybookError) -> [String] {
    guard let folder = opendir(path) else { throw failure("list", path) }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      withUnsafeBytes(of: &entry.pointee.d_name) { name in
        names.append(String(decoding: name.prefix { $0 != 0 }, as: UTF8.self))
      }
    }
    return names
  }

  private static func failure(_ verb: String, _ path: String) -> DaybookError {
    let number = errno
    let isFull = number == ENOSPC || number == EDQUOT
    return DaybookError(
      isFull ? .spoolFull : .spoolFailed, "cannot \(verb) \(path): \(String(cString: strerror(number)))")
  }
}

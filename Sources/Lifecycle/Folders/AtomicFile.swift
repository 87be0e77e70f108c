@preconcurrency import Glibc

/// Files that are there whole or not at all.
public enum AtomicFile {
  /// Writes to a temporary file beside it, makes it durable, and renames it.
  /// - Throws: ``LifecycleError`` with `.folderUnusable`.
  public static func write(_ text: String, to path: String, mode: UInt32 = 0o600) throws(LifecycleError) {
    func failure(_ what: String) -> LifecycleError {
      LifecycleError(.folderUnusable, "cannot \(what) \(path): \(String(cString: strerror(errno)))")
    }
    let temporary = "\(path).\(getpid()).new"
    unlink(temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw failure("make") }
    let bytes = Array(text.utf8)
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { break }
      written += count
    }
    let isDurable = written == bytes.count && fsync(descriptor) == 0
    close(descriptor)
    guard isDurable, rename(temporary, path) == 0 else {
      defer { unlink(temporary) }
      throw failure("write")
    }
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let opened = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if opened >= 0 {
      fsync(opened)
      close(opened)
    }
  }

  /// The text of a small file; nil when there is none or it cannot be read.
  /// - Parameter limit: bytes beyond which it is not taken.
  public static func read(_ path: String, limit: Int = 64 << 10) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while bytes.count <= limit {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      if count < 0 { return nil }
      if count == 0 { return String(validating: bytes, as: UTF8.self) }
      bytes += buffer[..<count]
    }
    return nil
  }

  /// Removes a file; one that is not there is fine.
  public static func remove(_ path: String) { unlink(path) }
}

import Glibc

/// A file that is there whole or not at all, written as its bytes come.
final class OutputFile {
  private let path: String
  private let temporary: String
  private let descriptor: Int32
  private var isFinished = false

  init(_ path: String) throws {
    (self.path, temporary) = (path, path + ".part")
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw CheckFailure("cannot write \(path): \(String(cString: strerror(errno)))") }
  }

  deinit {
    close(descriptor)
    if !isFinished { unlink(temporary) }
  }

  func write(_ bytes: [UInt8]) throws {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw CheckFailure("cannot write \(path): \(String(cString: strerror(errno)))") }
      written += count
    }
  }

  func finish() throws {
    guard fsync(descriptor) == 0, rename(temporary, path) == 0 else {
      throw CheckFailure("cannot write \(path): \(String(cString: strerror(errno)))")
    }
    isFinished = true
  }
}

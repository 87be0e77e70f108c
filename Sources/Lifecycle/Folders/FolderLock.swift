@preconcurrency import Glibc

/// A lock on a file, held by this process alone. The kernel gives it back however the process ends.
public final class FolderLock: Sendable {
  private let descriptor: Int32

  init(file: String, folder: String) throws(LifecycleError) {
    let opened = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard opened >= 0 else {
      throw LifecycleError(.folderUnusable, "cannot open \(file): \(String(cString: strerror(errno)))")
    }
    guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
      let reason = errno
      let holder = Self.process(in: opened)
      close(opened)
      guard reason == EWOULDBLOCK else {
        throw LifecycleError(.folderUnusable, "cannot lock \(file): \(String(cString: strerror(reason)))")
      }
      throw LifecycleError(
        .folderInUse, "another copy of Daybook\(holder.map { " (process \($0))" } ?? "") runs on \(folder)")
    }
    descriptor = opened
    let text = Array("\(getpid())\n".utf8)
    ftruncate(opened, 0)
    pwrite(opened, text, text.count, 0)
  }

  deinit { close(descriptor) }

  private static func process(in descriptor: Int32) -> Int32? {
    var buffer = [UInt8](repeating: 0, count: 16)
    let count = pread(descriptor, &buffer, buffer.count, 0)
    guard count > 0 else { return nil }
    return Int32(String(decoding: buffer[..<count].prefix { $0 != 0x0A }, as: UTF8.self))
  }
}

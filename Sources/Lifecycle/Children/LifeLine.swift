@preconcurrency import Glibc

/// The pipe by which children learn that their parent is gone: nothing is ever written, only its end matters.
///
/// Keep it as long as children shall live.
final class LifeLine: Sendable {
  /// The end that children inherit.
  let reading: Int32
  private let writing: Int32

  init() throws(LifecycleError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw LifecycleError(.spawnFailed, "no pipe for children: \(String(cString: strerror(errno)))")
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (reading, writing) = (ends[0], ends[1])
  }

  deinit {
    close(reading)
    close(writing)
  }
}

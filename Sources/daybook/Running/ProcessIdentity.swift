@preconcurrency import Glibc
import Lifecycle

/// Who this process is.
enum ProcessIdentity {
  /// Its id.
  static var current: Int32 { getpid() }

  /// True where a process of that id runs this program, by the name that the kernel knows it by.
  static func runsThisProgram(_ pid: Int32) -> Bool {
    guard let own = AtomicFile.read("/proc/self/comm") else { return false }
    return AtomicFile.read("/proc/\(pid)/comm") == own
  }

  /// The path of its program.
  static var executable: String {
    guard let path = realpath("/proc/self/exe", nil) else { return CommandLine.arguments[0] }
    defer { free(path) }
    return String(cString: path)
  }
}

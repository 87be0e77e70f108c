@preconcurrency import Glibc

/// Who this process is.
enum ProcessIdentity {
  /// Its id.
  static var current: Int32 { getpid() }

  /// The path of its program.
  static var executable: String {
    guard let path = realpath("/proc/self/exe", nil) else { return CommandLine.arguments[0] }
    defer { free(path) }
    return String(cString: path)
  }
}

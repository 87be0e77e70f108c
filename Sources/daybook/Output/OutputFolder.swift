import Glibc

/// A folder that files are written into.
enum OutputFolder {
  /// Makes it where it is not there; its parent must be.
  static func make(_ path: String) throws {
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
      throw CheckFailure("cannot make the folder \(path): \(String(cString: strerror(errno)))")
    }
  }
}

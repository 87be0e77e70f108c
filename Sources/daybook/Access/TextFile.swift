import Lifecycle

/// Small files that somebody names on the command line.
enum TextFile {
  /// - Throws: ``UsageError`` where it cannot be read, is larger than 1 MiB, or is not UTF-8.
  static func read(_ path: String, _ command: CommandDescription) throws(UsageError) -> String {
    guard let text = AtomicFile.read(path, limit: 1 << 20) else { throw UsageError("cannot read \(path)", command) }
    return text
  }
}

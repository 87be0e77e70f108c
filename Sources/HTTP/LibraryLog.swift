import Synchronization

/// The last lines that libmicrohttpd said, so that a failed start can tell why.
final class LibraryLog: Sendable {
  /// More lines are forgotten, the oldest first.
  private static let maxLines = 4
  private let lines = Mutex<[String]>([])

  func add(_ line: String) {
    lines.withLock { lines in
      if lines.count == Self.maxLines { lines.removeFirst() }
      lines.append(line)
    }
  }

  /// The lines as one.
  var text: String {
    lines.withLock { lines in
      lines.flatMap { $0.split(whereSeparator: \.isNewline) }.joined(separator: "; ")
    }
  }
}

@preconcurrency import Glibc
import Synchronization

/// Standard output and standard error of a command.
enum Console {
  /// Writes a line of results.
  static func print(_ line: String) { write(Array((line + "\n").utf8)) }

  /// Writes results as they are. Ends the process quietly when nobody reads them any more (`daybook … | head`).
  static func write(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(1, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      if count < 0 { exit(errno == EPIPE ? ExitCode.done.rawValue : ExitCode.unavailable.rawValue) }
      rest = rest.dropFirst(count)
    }
  }

  /// Tells people something that is no result, on standard error.
  static func tell(_ line: String) {
    let bytes = Array((DisplayWidth.harmlessLines(line) + "\n").utf8)
    _ = bytes.withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
  }

  /// Writes to standard error as it is: for progress bars.
  static func draw(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
  }

  /// Columns of the terminal that standard output is, or nil where it is none.
  static var width: Int? { isatty(1) == 1 ? columns(of: 1) : nil }

  /// True where standard error is a terminal that can redraw a line.
  static func canRedraw(_ environment: [String: String]) -> Bool { isatty(2) == 1 && environment["TERM"] != "dumb" }

  /// Columns of a terminal, 80 where it does not say.
  static func columns(of descriptor: Int32) -> Int {
    var size = winsize()
    return ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }
}

extension DisplayWidth {
  /// Like ``harmless(_:)``, but keeps line ends.
  static func harmlessLines(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { harmless(String($0)) }
      .joined(separator: "\n")
  }
}

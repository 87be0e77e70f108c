@preconcurrency import Glibc

/// How a process ended.
public enum ExitStatus: Sendable, Equatable, CustomStringConvertible {
  /// By itself, with this code.
  case exited(Int32)
  /// By this signal.
  case signalled(Int32)

  /// Reads what `waitpid` wrote.
  init(waitStatus status: Int32) {
    let signal = status & 0x7F
    self = signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
  }

  /// `exit code 1`, `signal 9 (Killed)`
  public var description: String {
    switch self {
    case .exited(let code): "exit code \(code)"
    case .signalled(let number): "signal \(number) (\(String(cString: strsignal(number))))"
    }
  }
}

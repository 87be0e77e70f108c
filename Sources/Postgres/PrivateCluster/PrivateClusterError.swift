/// Why a private cluster cannot be made, started or stopped.
public struct PrivateClusterError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of failure.
  public enum Code: Sendable, Equatable {
    /// No Postgres programs (initdb, pg_ctl, postgres) of the right version were found.
    case programsMissing
    /// The folder cannot be made, entered or given to the server's account.
    case folderUnusable
    /// initdb failed.
    case notInitialized
    /// The server did not start, or not in time.
    case notStarted
    /// The server did not stop in time.
    case notStopped
  }

  /// What kind of failure.
  public var code: Code
  /// What happened, with the last lines of the program's output.
  public var message: String
  /// Makes an error.
  public init(code: Code, message: String) {
    self.code = code
    self.message = message
  }
  /// Code and message.
  public var description: String { "\(code): \(message)" }
}

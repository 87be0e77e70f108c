/// Why something cannot be taken out of a log, or put back.
public struct ArchiveError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of failure.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private enum Value: String { case corrupt, diverged, busy, files, notEmpty, refused }
    private let value: Value
    /// The name of the code.
    public var description: String { value.rawValue }
    /// What is stored contradicts itself.
    public static let corrupt = Code(value: .corrupt)
    /// The log is not the one that was archived: it shrank, or other entries stand where archived ones stood.
    public static let diverged = Code(value: .diverged)
    /// Another process writes to the folder.
    public static let busy = Code(value: .busy)
    /// A file cannot be written.
    public static let files = Code(value: .files)
    /// The ledger has events already.
    public static let notEmpty = Code(value: .notEmpty)
    /// The export does not verify, or is not whole.
    public static let refused = Code(value: .refused)
  }
  /// What kind of failure.
  public let code: Code
  /// For people; names files and positions, never payloads.
  public let detail: String

  /// Makes an error.
  public init(_ code: Code, _ detail: String) {
    self.code = code
    self.detail = detail
  }

  /// The detail.
  public var description: String { detail }
}

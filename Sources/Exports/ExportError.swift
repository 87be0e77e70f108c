/// What cannot be read of an export.
public struct ExportError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of failure.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private enum Value: String { case missing, unreadable, altered, limit, foreign }
    private let value: Value
    /// The name of the code.
    public var description: String { value.rawValue }
    /// A file is not there, or cannot be opened.
    public static let missing = Code(value: .missing)
    /// A file does not have the form, or is damaged.
    public static let unreadable = Code(value: .unreadable)
    /// A file has another digest than the one that names it.
    public static let altered = Code(value: .altered)
    /// A file is beyond the bounds of its kind.
    public static let beyondLimit = Code(value: .limit)
    /// The export is of another ledger, or of another form, than was asked for.
    public static let foreign = Code(value: .foreign)
  }
  /// What kind of failure.
  public let code: Code
  /// For people; names files, lines and positions, never payloads.
  public let detail: String

  /// Makes an error.
  public init(_ code: Code, _ detail: String) {
    self.code = code
    self.detail = detail
  }

  /// The detail.
  public var description: String { detail }
}

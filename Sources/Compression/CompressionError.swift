/// What libzstd refused.
public struct CompressionError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Which refusal.
  public struct Code: Sendable, Hashable, CustomStringConvertible {
    private enum Kind: String { case corrupt, limit, truncated, failed }
    private let kind: Kind
    /// The bytes are no frame, or its checksum does not match.
    public static let corrupt = Code(kind: .corrupt)
    /// The content is longer than the caller allows.
    public static let beyondLimit = Code(kind: .limit)
    /// The bytes end before the frame does.
    public static let truncated = Code(kind: .truncated)
    /// libzstd could not work: memory, parameters.
    public static let failed = Code(kind: .failed)
    /// A stable name.
    public var description: String { kind.rawValue }
  }

  /// Which refusal.
  public var code: Code
  /// For people; libzstd's own words where it has some.
  public var detail: String

  /// Makes an error.
  public init(_ code: Code, _ detail: String) {
    self.code = code
    self.detail = detail
  }

  /// The detail.
  public var description: String { detail }
}

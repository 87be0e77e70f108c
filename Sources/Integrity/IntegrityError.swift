/// What is wrong with a note, a checkpoint, a proof or a tile.
public struct IntegrityError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of failure.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private enum Value: String { case malformed, notVerified, missing }
    private let value: Value
    /// The name of the code.
    public var description: String { value.rawValue }
    /// The text does not have the form.
    public static let malformed = Code(value: .malformed)
    /// No known key signed it, a known key's signature is wrong, or a proof does not lead to the root.
    public static let notVerified = Code(value: .notVerified)
    /// A tile that the proof needs is not there, or not of its length.
    public static let missing = Code(value: .missing)
  }
  /// What kind of failure.
  public let code: Code
  /// What it is about, for people.
  public let detail: String

  /// Makes an error.
  public init(_ code: Code, _ detail: String) {
    self.code = code
    self.detail = detail
  }

  /// The detail.
  public var description: String { detail }
}

/// Why the notary cannot work, apart from what Postgres itself reports.
public struct NotaryError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private enum Value: String { case keyMissing, keyUnusable, fileUnusable, badWitness }
    private let value: Value
    /// The name of the code.
    public var description: String { value.rawValue }
    /// There is no key here, and another one signed before.
    public static let keyMissing = Code(value: .keyMissing)
    /// The key file cannot be read or made, is open to others, or holds no key.
    public static let keyUnusable = Code(value: .keyUnusable)
    /// The file of checkpoints cannot be read or written.
    public static let fileUnusable = Code(value: .fileUnusable)
    /// Not the description of a witness.
    public static let badWitness = Code(value: .badWitness)
  }
  /// What kind of failure.
  public let code: Code
  /// What happened; names files, never their content.
  public let message: String

  /// Makes an error.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  public var description: String { message }
}

/// What the log refuses, apart from what Postgres itself reports.
public struct LogError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure.
  public enum Code: Sendable, Equatable {
    /// There is no ledger of that name.
    case unknownLedger
    /// What is stored contradicts itself: a snapshot or a seal that does not fit the log.
    case corrupt
    /// A position that the log has not reached.
    case beyondHead
    /// The notary halted the ledger: what would be appended now would grow on another tree than was signed.
    case halted
  }
  /// What kind of failure.
  public let code: Code
  /// For people; names objects and positions, never payloads.
  public let detail: String

  /// Makes an error.
  public init(_ code: Code, _ detail: String) {
    self.code = code
    self.detail = detail
  }

  /// Code and detail.
  public var description: String { "\(code): \(detail)" }
}

public import Control

/// Why an append or a command was not done, or not known to be done.
public struct WriteError: Error, Sendable, Equatable {
  /// What kind of failure.
  public enum Code: Sendable, Equatable {
    /// The queue is full; nothing was written, no identity was claimed.
    case overloaded
    /// The database is away; nothing was written.
    case unavailable
    /// The connection was lost during the commit and the outcome could not be established; ask again with the same ids.
    case outcomeUnknown
    /// The service is stopping; nothing was written.
    case stopping
    /// The database's clock and the service's differ by more than a minute; nothing is written until they agree.
    case clockSkew
    /// The identity is taken by other content; `index` and `fields` say which.
    case identityConflict(index: Int, fields: [String])
    /// `expectedsequence` does not hold.
    case sequenceConflict(index: Int, expected: Int64, actual: Int64)
    /// No ledger of that name.
    case unknownLedger
    /// The control state says no.
    case refused(Refusal)
    /// The stored log contradicts itself; writing stops.
    case corrupt
    /// The notary halted the ledger, as its log is no continuation of what was signed; nothing was written.
    case halted
    /// Our own mistake.
    case internalFault
  }
  /// What kind of failure.
  public var code: Code
  /// For people; never holds payloads.
  public var detail: String

  /// Makes an error.
  public init(_ code: Code, _ detail: String) {
    self.code = code
    self.detail = detail
  }
}

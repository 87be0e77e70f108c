/// Why the books could not do what was asked.
public struct ProjectionError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure; a caller maps it to a status or an exit code.
  public struct Code: Sendable, Hashable, CustomStringConvertible {
    private enum Value: String, Sendable {
      case unknownBook = "unknown-book"
      case unknownQuery = "unknown-query"
      case unknownLedger = "unknown-ledger"
      case badParameters = "bad-parameters"
      case notYetPosted = "not-yet-posted"
      case beyondHead = "beyond-head"
      case tooManyReplays = "too-many-replays"
      case timeLimit = "time-limit"
      case spaceLimit = "space-limit"
      case unavailable
      case definitionChanged = "definition-changed"
      case alreadyBuilding = "already-building"
      case differs
      case stopped
      case defect
    }
    private let value: Value
    private init(_ value: Value) { self.value = value }

    /// No such book (404).
    public static let unknownBook = Code(.unknownBook)
    /// The book has no such query (404).
    public static let unknownQuery = Code(.unknownQuery)
    /// No such ledger (404).
    public static let unknownLedger = Code(.unknownLedger)
    /// Parameters that are unknown, missing or wrong; `faults` has all of them (400).
    public static let badParameters = Code(.badParameters)
    /// `min_position` was not reached within the wait; `position` says how far the book is (503 with `Retry-After`).
    public static let notYetPosted = Code(.notYetPosted)
    /// A position that the log does not have yet, or a time before its first event (400).
    public static let beyondHead = Code(.beyondHead)
    /// As many replays as may run at once are running (429 with `Retry-After`).
    public static let tooManyReplays = Code(.tooManyReplays)
    /// A query or a replay took longer than it may (504).
    public static let timeLimit = Code(.timeLimit)
    /// A replay needs more room than it may take (429).
    public static let spaceLimit = Code(.spaceLimit)
    /// The database is away (503).
    public static let unavailable = Code(.unavailable)
    /// A definition changed and kept its version.
    public static let definitionChanged = Code(.definitionChanged)
    /// Somebody else rebuilds this book.
    public static let alreadyBuilding = Code(.alreadyBuilding)
    /// A rebuilt book differs from the live one of the same definition at the same position; the live one was kept.
    public static let differs = Code(.differs)
    /// An event cannot be posted; `position` names it.
    public static let stopped = Code(.stopped)
    /// The definition's own SQL fails, whatever the events.
    public static let defect = Code(.defect)

    /// The stable name, such as `not-yet-posted`.
    public var description: String { value.rawValue }
  }

  /// What kind of failure.
  public var code: Code
  /// For people; holds no payloads.
  public var message: String
  /// What is wrong with which parameter, for `badParameters`.
  public var faults: [ParameterFault]
  /// The position that matters: how far the book is, or the event that cannot be posted.
  public var position: Int64?

  /// Makes an error.
  public init(_ code: Code, _ message: String, faults: [ParameterFault] = [], position: Int64? = nil) {
    self.code = code
    self.message = message
    self.faults = faults
    self.position = position
  }

  /// Code and message.
  public var description: String {
    faults.isEmpty
      ? "\(code): \(message)"
      : "\(code): \(message) " + faults.map { "\($0.parameter): \($0.detail)" }.joined(separator: "; ")
  }
}

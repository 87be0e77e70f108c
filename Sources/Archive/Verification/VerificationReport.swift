/// What a verification found.
public struct VerificationReport: Sendable, Equatable {
  /// One thing that is wrong.
  public struct Finding: Sendable, Equatable {
    /// What kind of wrong, a stable name.
    public enum Kind: String, Sendable {
      /// Positions are missing.
      case gap
      /// What is stored does not give the payload hash.
      case payload
      /// The personal part does not give its hash, or has none.
      case personal
      /// The personal part is gone and no erasure names the event.
      case personalMissing = "personal-missing"
      /// Recorded before the event in front of it.
      case recordedTime = "recorded-time"
      /// Sequences of a subject have gaps or repetitions, or do not rise along the log.
      case sequence
      /// An identity stands twice.
      case identity
      /// The entries up to here do not give the root that was sealed, or that the caller holds.
      case root
      /// A seal that the writer kept is not there, or contradicts itself.
      case seal
      /// The log ends before a position that was sealed, or that the caller holds.
      case tail
      /// A stored text is no JSON that the ledger takes.
      case unreadable
    }
    /// The position at fault; for `root`, the first of the range in which an entry was altered.
    public var position: Int64
    /// What kind of wrong.
    public var kind: Kind
    /// Why, for people; no payload is shown.
    public var detail: String
  }

  /// The ledger.
  public var ledger: String
  /// Events read.
  public var events: Int64
  /// The root recomputed over all entries read.
  public var root: [UInt8]
  /// Events whose personal part was erased, as an event of the log says.
  public var erased: Int64
  /// By position; the first one is the first position that is wrong. At most `Verification.findingLimit`.
  public var findings: [Finding]

  /// Nothing is wrong.
  public var isClean: Bool { findings.isEmpty }
}

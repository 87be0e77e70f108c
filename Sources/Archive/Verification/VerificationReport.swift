public import Exports

/// What a verification found.
public struct VerificationReport: Sendable, Equatable {
  /// One thing that is wrong.
  public struct Finding: Sendable, Equatable {
    /// What kind of wrong, a stable name.
    public enum Kind: String, Sendable {
      /// Positions are missing, or stand twice.
      case gap
      /// What is stored does not give the payload hash.
      case payload
      /// The personal part does not give its hash, or has none.
      case personal
      /// The personal part is gone and no erasure names the event.
      case personalMissing = "personal-missing"
      /// The personal part is still there though the log says that it was erased.
      case erasurePending = "erasure-pending"
      /// Recorded before the event in front of it.
      case recordedTime = "recorded-time"
      /// Sequences of a subject have gaps or repetitions, or do not rise along the log.
      case sequence
      /// An identity stands twice.
      case identity
      /// A completion's cost is not what its usage costs at the prices that it pins.
      case cost
      /// The entries up to here do not give the root that was sealed, or that the caller holds.
      case root
      /// A seal that the writer kept is not there, or contradicts itself.
      case seal
      /// The entries do not give the root of a signed checkpoint.
      case checkpoint
      /// A checkpoint is not signed by the log's key.
      case signature
      /// The database's checkpoints and those of the file outside it are not the same.
      case record
      /// The log ends before a position that was sealed or signed, or that the caller holds.
      case tail
      /// A book's totals are not the log's, or its rows not what the log gives.
      case book
      /// A stored text is no JSON that the ledger takes.
      case unreadable
    }
    /// The position at fault; for `root` and `checkpoint`, the first of the range in which an entry was altered; for `book`,
    /// the position that the book reflects; 0 for what concerns no position.
    public var position: Int64
    /// What kind of wrong.
    public var kind: Kind
    /// Why, for people; no payload is shown.
    public var detail: String

    /// Makes a finding.
    public init(position: Int64, kind: Kind, detail: String) {
      self.position = position
      self.kind = kind
      self.detail = detail
    }
  }

  /// Where a verification began that did not read everything.
  public struct Start: Sendable, Equatable {
    /// Events up to here were not read again.
    public var position: Int64
    /// What proved the tree up to there.
    public var proof: String
  }

  /// Checkpoints that were held against the log.
  public struct Checkpoints: Sendable, Equatable {
    /// Those of the table.
    public var table: Int64 = 0
    /// Those of the file outside the database; nil where no file is known.
    public var file: Int64?
    /// The auditor's own.
    public var own: Int64 = 0
    /// Up to which position the log's key signed.
    public var signedTo: Int64 = 0
    /// Names under which the log's key signed.
    public var signedBy: [String] = []
    /// Where the key is known from: `given`, `file` or `database`; nil where nothing is signed.
    public var keyFrom: String?
  }

  /// The ledger.
  public var ledger: String
  /// Events read.
  public var events: Int64 = 0
  /// The last position of the log.
  public var last: Int64 = 0
  /// The root recomputed over all entries.
  public var root: [UInt8] = []
  /// Where it began; nil: at the beginning.
  public var start: Start?
  /// Events read whose personal part was erased, as an event of the log says.
  public var erased: Int64 = 0
  /// The erasures, with the events that were found erased.
  public var erasures = ErasureTally()
  /// Completions read whose cost was made again from the prices that they pin.
  public var costs: Int64 = 0
  /// The checkpoints.
  public var checkpoints = Checkpoints()
  /// Books that were compared with the log.
  public var books: [String] = []
  /// What is not wrong and still must be known.
  public var notices: [String] = []
  /// By position; the first one is the first position that is wrong. At most `Verification.findingLimit` of a kind.
  public var findings: [Finding] = []

  /// Nothing is known yet.
  public init(ledger: String) { self.ledger = ledger }

  /// Nothing is wrong.
  public var isClean: Bool { findings.isEmpty }

  /// Adds a finding, unless there are enough of its kind.
  public mutating func find(_ kind: Finding.Kind, _ position: Int64, _ detail: String) {
    guard findings.count(where: { $0.kind == kind }) < Verification.findingLimit else { return }
    findings.append(Finding(position: position, kind: kind, detail: detail))
  }

  /// Puts the findings in their order.
  public mutating func sort() {
    findings.sort { ($0.position, $0.kind.rawValue) < ($1.position, $1.kind.rawValue) }
  }
}

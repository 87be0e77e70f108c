public import Domain

/// A refusal to go on signing a ledger.
public struct Halt: Sendable, Equatable {
  /// What was found.
  public enum Kind: String, Sendable {
    /// The log ends before what was signed: it was cut off, or an older backup was restored.
    case shrunk
    /// Its entries give another root than was signed: it was rewritten, or an older backup went on.
    case forked
    /// An entry behind what was signed was changed or removed; the tree in front of it still holds.
    case altered
    /// The key is another one than that which signed.
    case key
    /// The kept checkpoints contradict each other, or are not signed by the key.
    case record

    /// Where it is true, what came next would grow on another tree than was signed, and make it worse.
    public var stopsAppends: Bool { self == .shrunk || self == .forked }
  }

  /// Counts the halts of the ledger; 0 until it is kept.
  public internal(set) var number = 0
  /// What was found.
  public var kind: Kind
  /// The first position at fault, as far as it is known; else 0.
  public var position: Int64
  /// The last position that was signed; 0: none.
  public var signedPosition: Int64
  /// The last position of the log.
  public var logPosition: Int64
  /// For people.
  public var detail: String
  /// When.
  public var haltedAt: Timestamp

  init(
    number: Int = 0, kind: Kind, position: Int64, signedPosition: Int64, logPosition: Int64, detail: String,
    haltedAt: Timestamp
  ) {
    self.number = number
    self.kind = kind
    self.position = position
    self.signedPosition = signedPosition
    self.logPosition = logPosition
    self.detail = detail
    self.haltedAt = haltedAt
  }
}

public import Domain
public import Integrity
public import Log

/// What a verification holds a log against, where it begins, and how many read at a time.
public struct VerificationOptions: Sendable {
  /// Path of the notary's file of checkpoints, outside the database; nil where it is not known.
  public var checkpointFile: String?
  /// Checkpoints that the auditor kept.
  public var checkpoints: [SignedNote] = []
  /// Keys that must have signed: the log's, witnesses'. Empty: the key that the file of checkpoints names, else the one that
  /// the database names, which proves nothing to a stranger.
  public var keys: [VerifierKey] = []
  /// Where to begin; nil: at the beginning.
  public var since: VerificationStart?
  /// How the log is read: each worker checks what it reads.
  public var reading = RangedReading()

  /// The whole log, against what the database keeps itself.
  public init() {}
}

/// Where a verification begins that need not read everything again.
public enum VerificationStart: Sendable {
  /// At the largest signed checkpoint up to this position.
  case position(Int64)
  /// Where an earlier verification ended.
  case mark(VerifiedMark)
}

/// What a verification found right, kept by the auditor: where the next one may begin.
public struct VerifiedMark: Sendable, Equatable {
  /// The ledger.
  public var ledger: String
  /// The last position that was verified.
  public var position: Int64
  /// The root of all events up to it.
  public var root: [UInt8]
  /// When, by the auditor's clock.
  public var verifiedAt: Timestamp

  /// Makes a mark.
  public init(ledger: String, position: Int64, root: [UInt8], verifiedAt: Timestamp) {
    self.ledger = ledger
    self.position = position
    self.root = root
    self.verifiedAt = verifiedAt
  }
}

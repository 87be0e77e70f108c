public import Domain
import Crypto

/// What the verification of an export found.
public struct ExportReport: Sendable, Equatable {
  /// One thing that is wrong.
  public struct Finding: Sendable, Equatable {
    /// What kind of wrong, a stable name.
    public enum Kind: String, Sendable {
      /// Positions are missing: a segment or lines were dropped.
      case gap
      /// A file is not there.
      case missing
      /// A file has been altered: its digest is not the one that the manifest, or the note, names.
      case digest
      /// A file or a record cannot be read.
      case unreadable
      /// Another segment stands where this one belongs.
      case swapped
      /// The personal part does not give its hash, or has none.
      case personal
      /// The personal part is not there and no erasure names the event.
      case personalMissing = "personal-missing"
      /// The personal part is still there though the log says that it was erased.
      case erasurePending = "erasure-pending"
      /// Recorded before the event in front of it.
      case recordedTime = "recorded-time"
      /// Sequences of a subject have gaps or repetitions, or do not rise along the log.
      case sequence
      /// An identity stands twice.
      case identity
      /// The payload hash kept in a record is not that of its payload.
      case payload
      /// The entries up to here do not give the root that the manifest names.
      case root
      /// The entries do not give the root of a checkpoint.
      case checkpoint
      /// A signature is wrong, or not of a key that was given.
      case signature
      /// The export ends before a checkpoint's size.
      case tail
    }
    /// The position at fault; for `root`, the first of the range in which an entry was altered; 0 for the whole.
    public var position: Int64
    /// What kind of wrong.
    public var kind: Kind
    /// Why, for people; no payload is shown.
    public var detail: String
  }

  /// The ledger; empty where nothing told it.
  public var ledger = ""
  /// First position read.
  public var first: Int64 = 0
  /// Last position read.
  public var last: Int64 = 0
  /// Events read.
  public var events: Int64 = 0
  /// The root recomputed over all entries; empty where a fault before it, or a first position above 1, made that
  /// impossible.
  public var root: [UInt8] = []
  /// Segments read; 0 for a file of records.
  public var segments: Int64 = 0
  /// Events whose personal part was erased, as an event of the log says.
  public var erased: Int64 = 0
  /// The erasures, with the events that were found erased.
  public var erasures = ErasureTally()
  /// Names of the keys that were given and signed the manifest or a checkpoint.
  public var signedBy: [String] = []
  /// Up to which position one of them signed.
  public var signedTo: Int64 = 0
  /// Checkpoints whose root the entries give.
  public var checkpoints: Int64 = 0
  /// By position; the first one is the first position that is wrong. At most `ExportLimits.findings`.
  public var findings: [Finding] = []

  /// Nothing is wrong.
  public var isClean: Bool { findings.isEmpty }

  /// Nothing is wrong but erasures that the personal files do not reflect yet, which a restore applies.
  public var isRestorable: Bool { findings.allSatisfy { $0.kind == .erasurePending } }

  mutating func find(_ kind: Finding.Kind, _ position: Int64, _ detail: String) {
    guard findings.count < ExportLimits.findings else { return }
    findings.append(Finding(position: position, kind: kind, detail: detail))
  }

  /// The report for machines.
  public var json: JSON {
    .object([
      "ledger": .text(ledger), "first": .integer(first), "last": .integer(last), "events": .integer(events),
      "segments": .integer(segments), "root": root.isEmpty ? nil : .text(Hex.string(root)),
      "erased": .integer(erased), "erasures": erasures.json, "signed_by": .array(signedBy.map { .text($0) }),
      "signed_to": .integer(signedTo), "checkpoints": .integer(checkpoints), "verified": .boolean(isClean),
      "findings": .array(
        findings.map {
          .object([
            "position": .integer($0.position), "kind": .text($0.kind.rawValue), "detail": .text($0.detail),
          ])
        }),
    ])
  }
}

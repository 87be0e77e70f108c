import Dispatch
import Integrity
import Synchronization

/// A checkpoint as file or table keep it, without its text: there may be millions.
struct KeptCheckpoint: Sendable {
  var series: Int
  var size: Int64
  var root: [UInt8]
  /// A fingerprint of the whole note, to see whether two are the same.
  var print: UInt64
  /// The log's key signed it.
  var isSigned: Bool

  /// File and table keep them in this order.
  var place: (Int, Int64) { (series, size) }

  /// A checkpoint with its note, before its signature was checked.
  struct Candidate: Sendable {
    var series: Int
    var checkpoint: Checkpoint
    var note: SignedNote
    /// True where the same note was found signed already.
    var isKnown = false

    var print: UInt64 {
      var hasher = Hasher()
      hasher.combine(note.bytes)
      return UInt64(bitPattern: Int64(hasher.finalize()))
    }
  }

  /// Checks the signatures of many, on all cores: each takes some 100 µs.
  static func check(_ candidates: [Candidate], by keys: LogKeys) -> [KeptCheckpoint] {
    let stripe = 64
    let stripes = (candidates.count + stripe - 1) / stripe
    let checked = Mutex<[Int: [KeptCheckpoint]]>([:])
    DispatchQueue.concurrentPerform(iterations: stripes) { number in
      let part = candidates[number * stripe..<min(candidates.count, (number + 1) * stripe)]
      let kept = part.map { candidate in
        KeptCheckpoint(
          series: candidate.series, size: candidate.checkpoint.size, root: candidate.checkpoint.root,
          print: candidate.print, isSigned: candidate.isKnown || keys.signed(candidate.note, candidate.checkpoint))
      }
      checked.withLock { $0[number] = kept }
    }
    return checked.withLock { checked in (0..<stripes).flatMap { checked[$0] ?? [] } }
  }
}

/// The log's public key, wherever it is known from: its name in a note is the log's origin, which counts the series.
struct LogKeys: Sendable {
  private(set) var publicKeys: [[UInt8]] = []

  mutating func add(_ key: VerifierKey) {
    if key.kind == .ed25519, !publicKeys.contains(key.publicKey) { publicKeys.append(key.publicKey) }
  }

  /// True where one of the keys signed the note under the name of its log.
  func signed(_ note: SignedNote, _ checkpoint: Checkpoint) -> Bool {
    keys(of: checkpoint).contains { (try? note.verified(by: [$0])) != nil }
  }

  /// The keys under the name of a checkpoint's log.
  func keys(of checkpoint: Checkpoint) -> [VerifierKey] {
    publicKeys.compactMap { VerifierKey(name: checkpoint.origin, kind: .ed25519, publicKey: $0) }
  }
}

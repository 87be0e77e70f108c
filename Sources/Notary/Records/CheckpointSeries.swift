public import Domain
public import Integrity

/// Under which name and key a ledger's checkpoints are signed.
///
/// There is one for good, unless a person accepted that the log is no continuation of what was signed: then it goes on under
/// another name, as no log may contradict itself under one.
public struct CheckpointSeries: Sendable, Equatable {
  /// Counts the series of the ledger, from 1.
  public var number: Int
  /// The log's name.
  public var origin: String
  /// The key that verifies.
  public var verifierKey: String
  /// Why it was started.
  public var reason: String
  /// When.
  public var startedAt: Timestamp

  /// As a line of the file has it.
  var json: JSON {
    .object([
      "series": .integer(Int64(number)), "origin": .text(origin), "verifier_key": .text(verifierKey),
      "reason": .text(reason), "started_at": .text(startedAt.description),
    ])
  }

  init(number: Int, origin: String, verifierKey: String, reason: String, startedAt: Timestamp) {
    self.number = number
    self.origin = origin
    self.verifierKey = verifierKey
    self.reason = reason
    self.startedAt = startedAt
  }

  init?(_ json: JSONView) {
    guard json["note"] == nil, let number = json["series"]?.integer, number > 0, number < 1 << 31,
      let origin = json["origin"]?.string, let key = json["verifier_key"]?.string,
      let reason = json["reason"]?.string,
      let startedAt = json["started_at"]?.string.flatMap({ Timestamp(rfc3339: $0) })
    else { return nil }
    self.init(number: Int(number), origin: origin, verifierKey: key, reason: reason, startedAt: startedAt)
  }
}

/// A checkpoint that the notary signed, as file and table keep it.
public struct SignedCheckpoint: Sendable {
  /// Its series.
  public var series: Int
  /// What the note says.
  public var checkpoint: Checkpoint
  /// The note with the log's signature.
  public var note: SignedNote
  /// When it was signed.
  public var signedAt: Timestamp

  /// As a line of the file has it.
  var json: JSON {
    .object([
      "series": .integer(Int64(series)), "signed_at": .text(signedAt.description),
      "note": .text(String(decoding: note.bytes, as: UTF8.self)),
    ])
  }

  init(series: Int, checkpoint: Checkpoint, note: SignedNote, signedAt: Timestamp) {
    self.series = series
    self.checkpoint = checkpoint
    self.note = note
    self.signedAt = signedAt
  }

  /// Reads what was kept; nil where it is no checkpoint.
  init?(series: Int, note bytes: [UInt8], signedAt: Timestamp) {
    guard let note = try? SignedNote(parsing: bytes), let checkpoint = try? Checkpoint(text: note.text) else {
      return nil
    }
    self.init(series: series, checkpoint: checkpoint, note: note, signedAt: signedAt)
  }

  init?(_ json: JSONView) {
    guard let note = json["note"]?.string, let series = json["series"]?.integer, series > 0, series < 1 << 31,
      let signedAt = json["signed_at"]?.string.flatMap({ Timestamp(rfc3339: $0) })
    else { return nil }
    self.init(series: Int(series), note: Array(note.utf8), signedAt: signedAt)
  }

  /// True where the key signed it and it is of the key's log.
  public func isSigned(by key: VerifierKey) -> Bool {
    checkpoint.origin.utf8.elementsEqual(key.name.utf8) && (try? note.verified(by: [key])) != nil
  }
}

import Crypto
import Domain
import Integrity

/// What is said to a witness and what its answers mean: no I/O.
enum WitnessTalk {
  /// The body of `add-checkpoint`: the size that the witness knows, the consistency path from there, the checkpoint.
  static func request(oldSize: Int64, path: [[UInt8]], note: SignedNote) -> [UInt8] {
    var text = "old \(oldSize)\n"
    for hash in path { text += Base64.string(hash) + "\n" }
    return Array((text + "\n").utf8) + note.bytes
  }

  /// What an answer means.
  enum Meaning: Equatable {
    /// Its cosignature of what was sent.
    case cosigned(line: String)
    /// It knows another size of the log than was said.
    case knows(Int64)
    /// Neither; for people.
    case refused(String)
  }

  /// Reads an answer to a checkpoint.
  static func meaning(status: Int, body: [UInt8], note: SignedNote, key: VerifierKey) -> Meaning {
    let text = String(validating: body, as: UTF8.self) ?? ""
    switch status {
    case 200:
      for line in text.split(separator: "\n") {
        guard let signature = try? NoteSignature(line: String(line)), key.claims(signature) else { continue }
        guard key.verifies(signature, of: note.text), Cosignature(signature)?.time != 0 else {
          return .refused("its cosignature does not verify")
        }
        return .cosigned(line: signature.line)
      }
      return .refused("it answered without a cosignature of its key")
    case 409:
      guard let size = Checkpoint.size(text.hasSuffix("\n") ? String(text.dropLast()) : text) else {
        return .refused("it knows another size and does not say which")
      }
      return .knows(size)
    case 403: return .refused("it does not trust the key (403)")
    case 404: return .refused("it does not know the log (404)")
    case 422: return .refused("the log is not consistent with what it saw before (422)")
    default: return .refused("it answered with status \(status)")
    }
  }
}

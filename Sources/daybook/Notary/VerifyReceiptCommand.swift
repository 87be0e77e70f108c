import Domain
import Integrity
import Lifecycle
import Notary

/// `daybook verify-receipt`: needs the file and keys, nothing else.
enum VerifyReceiptCommand {
  static func run(_ invocation: Invocation) throws -> ExitCode {
    let key = try verifierKey(try invocation.required("--key"), invocation)
    let witnesses = try invocation.all("--witness-key").map { text in try verifierKey(text, invocation) }
    let path = invocation.operand(0) ?? ""
    guard let text = AtomicFile.read(path, limit: LogProof.bytesAtMost) else {
      throw UsageError("cannot read \(path)", invocation.command)
    }
    let content: ReceiptContent
    let checkpoint: Checkpoint
    do {
      let proof = try LogProof(parsing: Array(text.utf8))
      content = try ReceiptContent(parsing: proof.extra ?? [])
      guard content.givesPayloadHash else {
        throw IntegrityError(.notVerified, "the payload is not the one that the entry names by its hash")
      }
      guard content.entry["position"]?.integer == proof.index + 1 else {
        throw IntegrityError(.notVerified, "the entry is of another position than the proof")
      }
      let (verified, cosigned) = try proof.verify(leafHash: content.leafHash, log: key, witnesses: witnesses)
      checkpoint = verified
      if let missing = witnesses.first(where: { !cosigned.contains($0) }) {
        throw IntegrityError(.notVerified, "\(missing.name) did not cosign the checkpoint")
      }
    } catch let error as IntegrityError { throw CheckFailure("NOT verified: \(error.detail)") }
    let whole = JSON.object([
      "verified": .boolean(true), "origin": .text(checkpoint.origin), "size": .integer(checkpoint.size),
      "witnesses": .array(witnesses.map { .text($0.name) }), "entry": content.entry, "payload": content.payload,
    ])
    if invocation.format == .table {
      let position = content.entry["position"]?.integer ?? 0
      Console.print(
        "Verified: position \(position) of \(checkpoint.origin), in a log of \(Count(checkpoint.size, "event")).")
    }
    let document = try JSONDocument(whole.canonical, limits: JSONLimits(depth: 40, bytes: 4 << 20)).root
    let format: OutputFormat = invocation.format == .table ? .json : invocation.format
    Console.write(Array(RowWriter(format: format).text([document], columns: nil, whole: document).utf8))
    return .done
  }

  /// A verifier key that was given.
  static func verifierKey(_ text: String, _ invocation: Invocation) throws(UsageError) -> VerifierKey {
    do { return try VerifierKey(parsing: text) } catch { throw UsageError(error.detail, invocation.command) }
  }
}

/// `daybook keys log`.
enum KeysLogCommand {
  static func run(_ invocation: Invocation) throws -> ExitCode {
    let folder = invocation["--checkpoints"].map { DataFolder($0).path } ?? invocation.dataFolder.path("checkpoints")
    let file = invocation["--notary-key"].map { DataFolder($0).path } ?? invocation.dataFolder.path("notary.key")
    guard let key = try NotaryKey.read(file) else {
      throw CheckFailure("there is no key at \(file): nothing was signed from here")
    }
    let names = try CheckpointFile.lastOrigins(folder: folder)
    if names.isEmpty { throw CheckFailure("there are no checkpoints in \(folder)") }
    for (_, origin) in names { if let verifier = key.verifier(name: origin) { Console.print(verifier.text) } }
    return .done
  }
}

import Crypto
import Domain
import Exports
import Integrity

extension ExportManifest {
  /// The lines of the manifest.
  var bytes: [UInt8] {
    let head = JSON.object([
      "format": .text(Self.format), "ledger": .text(ledger), "origin": .text(origin), "first": .integer(first),
      "last": .integer(last), "events": .integer(last - first + 1), "edge": .text(Hex.string(start.encoded)),
    ])
    var bytes = head.canonical + [0x0A]
    for segment in segments { bytes += Self.line(segment).canonical + [0x0A] }
    return bytes
  }

  private static func line(_ segment: Segment) -> JSON {
    .object([
      "first": .integer(segment.first), "last": .integer(segment.last),
      "events": .integer(segment.last - segment.first + 1), "sha256": .text(Hex.string(segment.sha256)),
      "bytes": .integer(segment.bytes), "dictionary": segment.dictionary.map { .text(Hex.string($0)) },
      "root": .text(Hex.string(segment.root)), "recordedtime": .text(segment.recordedAt.description),
    ])
  }

  /// Writes the manifest under its digest, then the note that names it: until the note is there, the one before counts.
  func publish(in folder: ExportFolder, signer: NoteSigner) throws(ArchiveError) {
    let bytes = bytes
    let digest = SHA256Digest.hash(bytes)
    try DurableFile.write(bytes, to: folder.manifestPath(digest))
    // The note is a checkpoint of the tree, with a line of its own.
    let text = Checkpoint(origin: origin, size: last, root: root).text
    let line = ExportFolder.extensionName + Hex.string(digest) + "\n"
    let note = SignedNote(text + Array(line.utf8), signers: [signer])
    try DurableFile.write(note.bytes, to: folder.notePath)
    for name in DurableFile.names(in: folder.path + "/manifests") where name != Hex.string(digest) + ".ndjson" {
      DurableFile.remove("\(folder.path)/manifests/\(name)")
    }
  }
}

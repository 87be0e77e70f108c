import Crypto
import Domain
import Foundation
import Integrity
import Testing

@testable import Archive
@testable import Exports

/// Somebody with every right over the files changes them; the verifier says what and where.
@Suite struct TamperingTests {
  private static let log = SampleLog.events(350, seed: 4)

  private func folder() throws -> SampleFolder {
    let folder = SampleFolder()
    try folder.write(Self.log)
    return folder
  }

  private func first(_ report: ExportReport) -> String {
    report.findings.first.map { "\($0.kind.rawValue) \($0.position)" } ?? "none"
  }

  @Test func whatWasWrittenVerifiesWithTheRootOfTheLog() throws {
    let report = try folder().verify { $0.keys = [SampleFolder.signer.key] }
    #expect(report.findings == [])
    #expect(report.events == 350 && report.segments == 4 && report.signedTo == 350)
    #expect(report.root == SampleFolder.edge(Self.log, at: 350).root)
  }

  @Test func aFlippedBitOfASegmentIsFound() throws {
    let folder = try folder()
    let path = try folder.files("segments")[1]
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[bytes.count / 2] ^= 4
    try bytes.write(to: URL(fileURLWithPath: path))
    #expect(first(try folder.verify()) == "digest 101")
  }

  @Test func aMissingSegmentIsFound() throws {
    let folder = try folder()
    unlink(try folder.files("segments")[2])
    #expect(first(try folder.verify()) == "missing 201")
  }

  @Test func aSegmentDroppedFromTheManifestIsFoundThoughItWasSignedAgain() throws {
    let folder = try folder()
    try folder.publish { $0.segments.remove(at: 1) }
    #expect(first(try folder.verify { $0.keys = [SampleFolder.signer.key] }) == "gap 101")
  }

  @Test func aSwappedSegmentIsFoundThoughTheManifestWasMended() throws {
    let folder = try folder()
    try folder.publish { manifest in
      let (one, two) = (manifest.segments[0], manifest.segments[1])
      (manifest.segments[0].sha256, manifest.segments[0].bytes) = (two.sha256, two.bytes)
      (manifest.segments[0].dictionary, manifest.segments[1].dictionary) = (two.dictionary, one.dictionary)
      (manifest.segments[1].sha256, manifest.segments[1].bytes) = (one.sha256, one.bytes)
    }
    #expect(first(try folder.verify()) == "swapped 1")
  }

  @Test func aTruncatedTailIsFoundByACheckpoint() throws {
    let folder = try folder()
    try folder.publish { $0.segments.removeLast() }
    #expect(try folder.verify().isClean)
    let checkpoint = Checkpoint(
      origin: SampleFolder.origin, size: 350, root: SampleFolder.edge(Self.log, at: 350).root)
    let note = SignedNote(checkpoint.text, signers: [SampleFolder.signer])
    #expect(first(try folder.verify { $0.checkpoints = [note] }) == "tail 301")
  }

  @Test func aCheckpointInTheMiddleHoldsOrIsContradicted() throws {
    let folder = try folder()
    func note(_ root: [UInt8]) -> SignedNote {
      SignedNote(
        Checkpoint(origin: SampleFolder.origin, size: 150, root: root).text, signers: [SampleFolder.signer])
    }
    let right = try folder.verify { $0.checkpoints = [note(SampleFolder.edge(Self.log, at: 150).root)] }
    #expect(right.isClean && right.checkpoints == 1)
    let wrong = try folder.verify { $0.checkpoints = [note([UInt8](repeating: 1, count: 32))] }
    #expect(first(wrong) == "checkpoint 101")
  }

  /// A log that was written anew whole, by whoever holds the archive's key, contradicts what somebody was shown.
  @Test func aRewrittenValueIsFoundByTheRootOrACheckpoint() throws {
    let folder = try folder()
    var forged = Self.log
    forged[119] = SampleLog.event(
      position: 120, type: forged[119].type, subject: forged[119].subject, sequence: forged[119].sequence,
      recordedAt: forged[119].recordedAt, data: .object(["forged": .text("yes")]), id: forged[119].id,
      occurredAt: forged[119].occurredAt)
    let other = SampleFolder()
    try other.write(forged)
    let segment = try other.manifest.segments[1]
    try FileManager.default.copyItem(
      atPath: other.files("segments")[1], toPath: folder.path + "/segments/" + Hex.string(segment.sha256) + ".zst")
    try FileManager.default.copyItem(
      atPath: other.files("personal")[1], toPath: folder.path + "/personal/" + Hex.string(segment.sha256) + ".zst")
    for file in try other.files("dictionaries") {
      try? FileManager.default.copyItem(
        atPath: file, toPath: folder.path + "/dictionaries/" + file.split(separator: "/").last!)
    }
    try folder.publish { manifest in
      let root = manifest.segments[1].root
      manifest.segments[1] = segment
      manifest.segments[1].root = root
    }
    #expect(first(try folder.verify()) == "root 101")
    let checkpoint = Checkpoint(
      origin: SampleFolder.origin, size: 350, root: SampleFolder.edge(Self.log, at: 350).root)
    let note = SignedNote(checkpoint.text, signers: [SampleFolder.signer])
    #expect(try other.verify().isClean)
    #expect(first(try other.verify { $0.checkpoints = [note] }).hasPrefix("checkpoint"))
  }

  @Test func aManifestThatNoGivenKeySignedIsFound() throws {
    let folder = try folder()
    let other = SampleFolder.signer(Ed25519PrivateKey(seed: [UInt8](repeating: 8, count: 32))!)
    #expect(first(try folder.verify { $0.keys = [other.key] }) == "signature 0")
    var note = try String(contentsOfFile: folder.path + "/manifest.note", encoding: .utf8)
    note = note.replacing("\n350\n", with: "\n349\n")
    try note.write(toFile: folder.path + "/manifest.note", atomically: true, encoding: .utf8)
    #expect(first(try folder.verify { $0.keys = [SampleFolder.signer.key] }) == "signature 0")
  }

  @Test func anAlteredManifestIsFound() throws {
    let folder = try folder()
    let path = try folder.files("manifests")[0]
    var text = try String(contentsOfFile: path, encoding: .utf8)
    text = text.replacing("\"last\":100", with: "\"last\":101")
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    #expect(first(try folder.verify()) == "digest 0")
  }

  @Test func whatIsNoExportIsNotVerified() {
    #expect(throws: ExportError.self) { _ = try ExportVerifier().verify("/nowhere/at/all") }
    #expect(throws: ExportError.self) { _ = try ExportVerifier().verify(FileManager.default.temporaryDirectory.path) }
  }
}

import Crypto
import Domain
import Exports
import Foundation
import Integrity

@testable import Archive

/// A folder of segments of a made-up log, gone with the test.
final class SampleFolder {
  static let key = Ed25519PrivateKey(seed: [UInt8](repeating: 7, count: 32))!
  static let origin = "ledger.example/main"

  let path = FileManager.default.temporaryDirectory.appending(path: "daybook-export-\(UUID().uuidString)").path

  deinit { try? FileManager.default.removeItem(atPath: path) }

  static var signer: NoteSigner { signer(key) }

  static func signer(_ key: Ed25519PrivateKey) -> NoteSigner {
    NoteSigner(VerifierKey(name: origin + "/archive", kind: .ed25519, publicKey: key.publicKey)!) { key.sign($0) }
  }

  /// Opens the folder as the archiver does; a segment is full with so many events.
  func writer(_ log: [RecordedEvent], segmentEvents: Int64 = 100) throws -> ArchiveWriter {
    var form = ArchiveWriter.Form()
    form.events = segmentEvents
    return try ArchiveWriter(
      path, ledger: "main", origin: Self.origin, form: form, signer: Self.signer, edge: { Self.edge(log, at: $0) })
  }

  /// Writes what the folder does not have of a log.
  func write(_ log: [RecordedEvent], segmentEvents: Int64 = 100) throws {
    let writer = try writer(log, segmentEvents: segmentEvents)
    for event in log.dropFirst(Int(writer.position)) { try writer.append(event) }
    try writer.seal()
  }

  static func edge(_ log: [RecordedEvent], at position: Int64) -> TreeEdge {
    var edge = TreeEdge()
    for event in log.prefix(Int(position)) { edge.append(leafHash: EventHash.leaf(entry: EventHash.entry(event))) }
    return edge
  }

  func verify(_ change: (inout ExportVerifier) -> Void = { _ in }) throws -> ExportReport {
    var verifier = ExportVerifier()
    change(&verifier)
    return try verifier.verify(path)
  }

  var manifest: ExportManifest { get throws { try ExportFolder(path).manifest().manifest } }

  /// Files of a part, those of segments in the order of their positions.
  func files(_ part: String) throws -> [String] {
    if part == "segments" || part == "personal" {
      return try manifest.segments.map { "\(path)/\(part)/\(Hex.string($0.sha256)).zst" }
    }
    return try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(part)").map { "\(path)/\(part)/\($0)" }
  }

  /// Signs another manifest, as somebody would who holds the archive's key.
  func publish(_ change: (inout ExportManifest) -> Void) throws {
    var changed = try manifest
    change(&changed)
    try changed.publish(in: ExportFolder(path), signer: Self.signer)
  }
}

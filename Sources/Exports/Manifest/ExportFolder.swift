public import Compression
import Crypto
public import Integrity

/// Where the files of an export lie, and how they are read.
public struct ExportFolder: Sendable {
  /// The signed note that everything else hangs on: a checkpoint whose extension line names the manifest's digest.
  public static let note = "manifest.note"
  /// The newest checkpoint that the log itself published of what is here, where there was one.
  public static let checkpoint = "checkpoint"
  /// The first part of the note's extension line.
  public static let extensionName = "manifest sha256:"

  /// The folder.
  public let path: String

  /// Names a folder, which need not be there.
  public init(_ path: String) { self.path = path }

  /// Path of the note.
  public var notePath: String { "\(path)/\(Self.note)" }
  /// Path of the log's own checkpoint.
  public var checkpointPath: String { "\(path)/\(Self.checkpoint)" }
  /// Path of a manifest by its digest.
  public func manifestPath(_ sha256: [UInt8]) -> String { "\(path)/manifests/\(Hex.string(sha256)).ndjson" }
  /// Path of a segment by its digest.
  public func segmentPath(_ sha256: [UInt8]) -> String { "\(path)/segments/\(Hex.string(sha256)).zst" }
  /// Path of the personal parts of a segment's events, by the segment's digest. It is rewritten by erasures.
  public func personalPath(_ sha256: [UInt8]) -> String { "\(path)/personal/\(Hex.string(sha256)).zst" }
  /// Path of a dictionary by its digest.
  public func dictionaryPath(_ sha256: [UInt8]) -> String { "\(path)/dictionaries/\(Hex.string(sha256)).dict" }

  /// The note, and the manifest that it names.
  ///
  /// - Throws: `missing`, `unreadable` where the note is no note, `altered` where the manifest's digest is another.
  public func manifest() throws(ExportError) -> (note: SignedNote, checkpoint: Checkpoint, manifest: ExportManifest) {
    let bytes = try ExportFile.read(notePath, limit: SignedNote.bytesAtMost)
    let note: SignedNote
    let checkpoint: Checkpoint
    do {
      note = try SignedNote(parsing: bytes)
      checkpoint = try Checkpoint(text: note.text)
    } catch { throw ExportError(.unreadable, "\(Self.note): \(error.detail)") }
    guard let line = checkpoint.extensions.first(where: { $0.hasPrefix(Self.extensionName) }),
      let digest = Hex.bytes(String(line.dropFirst(Self.extensionName.count))), digest.count == TreeHash.length
    else { throw ExportError(.unreadable, "\(Self.note) names no manifest") }
    let text = try ExportFile.read(manifestPath(digest), limit: ExportLimits.manifest)
    guard SHA256Digest.hash(text) == digest else {
      throw ExportError(.altered, "the manifest does not have the digest that \(Self.note) names")
    }
    return (note, checkpoint, try ExportManifest(parsing: text))
  }

  /// A dictionary by its digest.
  ///
  /// - Throws: `missing`, `altered`.
  public func dictionary(_ sha256: [UInt8]) throws(ExportError) -> ZstandardDictionary {
    let path = dictionaryPath(sha256)
    let bytes = try ExportFile.read(path, limit: ExportLimits.dictionary)
    guard SHA256Digest.hash(bytes) == sha256 else {
      throw ExportError(.altered, "\(ExportFile.name(path)) has been altered: its digest is another")
    }
    return ZstandardDictionary(bytes)
  }

  /// True where the file of a segment is there with the digest and size of its line.
  public func holds(_ segment: ExportManifest.Segment) -> Bool {
    (try? segmentBytes(segment)) != nil
  }

  /// The file of a segment, its digest checked.
  func segmentBytes(_ segment: ExportManifest.Segment) throws(ExportError) -> [UInt8] {
    let path = segmentPath(segment.sha256)
    let bytes = try ExportFile.read(path, limit: ExportLimits.segmentFile)
    guard SHA256Digest.hash(bytes) == segment.sha256, Int64(bytes.count) == segment.bytes else {
      throw ExportError(.altered, "\(ExportFile.name(path)) has been altered: its digest is another")
    }
    return bytes
  }
}

import Compression
import Crypto
public import Domain
public import Exports
public import Integrity

/// Writes events that come in order into the segments of a folder; holds at most one segment in memory.
///
/// A segment is sealed when it is full; one sealed before that is written anew when more events have come, and gives
/// way to
/// the fuller one. At every moment the folder's note names a manifest whose files are all there, whatever ends the
/// process.
public final class ArchiveWriter {
  /// How segments are cut and compressed.
  public struct Form: Sendable {
    /// Events of a full segment.
    public var events: Int64 = 16_384
    /// Bytes of records of a full segment, however few events those are: bounds the memory.
    public var bytes = 16 << 20
    /// Level of zstd. The columns leave little to find: higher ones cost time and gain nothing.
    public var level = 3
    /// Shortest repetition that is worth writing down: most of a segment are digits of hashes and ids.
    public var shortestMatch = 7
    /// Bytes of a dictionary.
    public var dictionaryBytes = 16 << 10
    /// Makes the usual form.
    public init() {}
  }

  let folder: ExportFolder
  let form: Form
  let signer: NoteSigner
  private let lock: FolderLock
  var manifest: ExportManifest
  /// The tree up to the last event taken in.
  var edge: TreeEdge
  var segment = SegmentText()
  var segmentStart: Int64
  var recordedAt: Timestamp?
  /// Personal parts of the segment at hand by position.
  var personal: [(position: Int64, part: [UInt8], salt: [UInt8])] = []
  private var personalBytes = 0
  /// Tokens that events of the segment at hand hold without a personal part of their own: commands name persons so.
  var tokens: Set<String> = []
  /// Answers who tokens stand for; those of erased persons are left out.
  let names: ([String]) throws -> [SegmentContents.Person]
  var samples: [[UInt8]] = []
  var dictionary: (sha256: [UInt8], value: ZstandardDictionary)?
  /// Positions whose personal parts events of the segment at hand erased.
  var erasures: [Int64] = []
  /// Persons whom they erased.
  var erasedTokens: Set<String> = []
  /// What a segment that was sealed early said of its end: the tree must say the same again.
  var reached: ExportManifest.Segment?
  /// Files of segments that gave way to fuller ones: they go once no manifest names them.
  var superseded: [[UInt8]] = []
  private var record: [UInt8] = []

  /// Events that a dictionary is trained on at most.
  static let sampleLimit = 4096

  /// Opens a folder, or makes it.
  ///
  /// - Parameters:
  ///   - origin: The log's name in checkpoints.
  ///   - from: First position of a folder that is made now.
  ///   - edge: Answers the tree at a position of the log, to go on from there.
  ///   - names: Answers who tokens stand for.
  /// - Throws: `busy`, `files`; `diverged` where the log's tree is not the one that was archived; `corrupt` where what
  ///   is
  ///   there was altered, or is another ledger's.
  public init(
    _ path: String, ledger: String, origin: String, from: Int64 = 1, form: Form = Form(), signer: NoteSigner,
    edge: (Int64) throws -> TreeEdge, names: @escaping ([String]) throws -> [SegmentContents.Person] = { _ in [] }
  ) throws {
    self.names = names
    folder = ExportFolder(path)
    self.form = form
    self.signer = signer
    for part in ["segments", "personal", "dictionaries", "manifests"] {
      try DurableFile.makeFolder("\(path)/\(part)")
    }
    lock = try FolderLock(path)
    if let known = try Self.existing(folder, ledger: ledger, origin: origin, signer: signer) {
      manifest = known
      reached = known.segments.last
      // One that was sealed early is written anew.
      if let last = known.segments.last, last.last - last.first + 1 < form.events {
        manifest.segments.removeLast()
        superseded.append(last.sha256)
      }
    } else {
      manifest = ExportManifest(ledger: ledger, origin: origin, start: try edge(from - 1), segments: [])
    }
    self.edge = try edge(manifest.last)
    segmentStart = manifest.last + 1
    guard self.edge.root == manifest.root else {
      throw ArchiveError(
        .diverged, "the log's entries up to \(manifest.last) do not give the root that was archived for that position"
      )
    }
    if manifest.last == reached?.last { reached = nil }
    try openDictionary()
  }

  /// The last position taken in.
  public var position: Int64 { edge.size }

  /// What the folder holds.
  public var contents: ExportManifest { manifest }

  /// The name of a log that never signed a checkpoint.
  static func usualOrigin(_ ledger: String) -> String { "daybook/\(ledger)" }

  private static func existing(
    _ folder: ExportFolder, ledger: String, origin: String, signer: NoteSigner
  ) throws -> ExportManifest? {
    var (note, manifest): (SignedNote, ExportManifest)
    do throws(ExportError) { (note, _, manifest) = try folder.manifest() } catch {
      if error.code == .missing && !DurableFile.names(in: folder.path).contains(ExportFolder.note) { return nil }
      throw ArchiveError(.corrupt, error.detail)
    }
    // A log that was archived before it had signed anything got its name later.
    guard manifest.ledger == ledger, manifest.origin == origin || manifest.origin == Self.usualOrigin(ledger) else {
      throw ArchiveError(.corrupt, "the folder holds the ledger \(manifest.ledger) of \(manifest.origin)")
    }
    let earlier = VerifierKey(
      name: manifest.origin + "/archive", kind: .ed25519, publicKey: signer.key.publicKey)
    do { _ = try note.verified(by: [signer.key] + (earlier.map { [$0] } ?? [])) } catch {
      throw ArchiveError(.corrupt, "\(ExportFolder.note): \(error.detail)")
    }
    manifest.origin = origin
    var next = manifest.first
    for segment in manifest.segments {
      guard segment.first == next, folder.holds(segment) else {
        throw ArchiveError(.corrupt, "the segment from \(segment.first) is not there, or was altered")
      }
      next = segment.last + 1
    }
    try removeStrays(folder, manifest)
    return manifest
  }

  /// What an interrupted process left behind, and no manifest names.
  private static func removeStrays(_ folder: ExportFolder, _ manifest: ExportManifest) throws {
    let known = Set(manifest.segments.map { Hex.string($0.sha256) + ".zst" })
    for part in ["segments", "personal"] {
      for name in DurableFile.names(in: "\(folder.path)/\(part)") where !known.contains(name) {
        let isOurs = name.hasSuffix(".zst") && name.count == 68 || name.hasSuffix(".part")
        if isOurs { DurableFile.remove("\(folder.path)/\(part)/\(name)") }
      }
    }
  }

  /// Takes in the next event, and seals the segment when that fills it.
  ///
  /// - Throws: `corrupt` where the event's values do not give its hashes; `diverged`; `files`.
  public func append(_ recorded: RecordedEvent) throws {
    guard recorded.position == position + 1 else {
      throw ArchiveError(.corrupt, "position \(recorded.position) follows \(position)")
    }
    let event = try SegmentRecord.canonical(recorded)
    record.removeAll(keepingCapacity: true)
    SegmentRecord.append(event, to: &record)
    segment.append(record)
    recordedAt = event.recordedAt
    if let part = event.personal, let salt = event.salt {
      personal.append((event.position, part, salt))
      personalBytes += part.count
    } else {
      tokens.formUnion(PersonToken.tokens(in: event.data))
    }
    if dictionary == nil, samples.count < Self.sampleLimit, let sample = SegmentRecord.sample(event) {
      samples.append(sample)
    }
    if event.type == "payload.erased" { noteErasure(event) }
    edge.append(leafHash: EventHash.leaf(entry: EventHash.entry(event)))
    if let reached, reached.last == position {
      guard edge.root == reached.root else {
        throw ArchiveError(.diverged, "the entries up to \(position) do not give the root that was archived")
      }
      self.reached = nil
    }
    if Int64(segment.count) >= form.events || segment.recordBytes + personalBytes >= form.bytes {
      try seal()
      (segment, segmentStart, personal, personalBytes, tokens) = (SegmentText(), position + 1, [], 0, [])
    }
  }

  /// Seals what came since the last full segment and publishes the manifest. Later events make that segment fuller.
  public func seal() throws {
    if let reached {
      throw ArchiveError(.diverged, "the log ends at \(position), but events up to \(reached.last) were archived")
    }
    try applyErasures()
    if segment.count > 0, manifest.last < position { try writeSegment() }
    try manifest.publish(in: folder, signer: signer)
    for digest in superseded {
      DurableFile.remove(folder.segmentPath(digest))
      DurableFile.remove(folder.personalPath(digest))
    }
    superseded = []
  }

  /// Keeps a checkpoint that the log published, beside the note.
  func keep(checkpoint: [UInt8]) throws(ArchiveError) {
    try DurableFile.write(checkpoint, to: folder.checkpointPath)
  }
}

public import Domain
public import Integrity
import Crypto

/// What an export consists of: its segments in order, with the root of the tree at the end of each.
public struct ExportManifest: Sendable {
  /// The name of the form.
  public static let format = "daybook-export-1"

  /// One segment and what stands beside it.
  public struct Segment: Sendable, Equatable {
    /// First position.
    public var first: Int64
    /// Last position.
    public var last: Int64
    /// SHA-256 of the file, which is its name.
    public var sha256: [UInt8]
    /// Bytes of the file.
    public var bytes: Int64
    /// SHA-256 of the dictionary that the file and its personal file were made with; nil: without one.
    public var dictionary: [UInt8]?
    /// RFC 6962 root of the entries from 1 to `last`.
    public var root: [UInt8]
    /// When the last event was recorded.
    public var recordedAt: Timestamp

    /// Makes a segment's line.
    public init(
      first: Int64, last: Int64, sha256: [UInt8], bytes: Int64, dictionary: [UInt8]?, root: [UInt8],
      recordedAt: Timestamp
    ) {
      self.first = first
      self.last = last
      self.sha256 = sha256
      self.bytes = bytes
      self.dictionary = dictionary
      self.root = root
      self.recordedAt = recordedAt
    }
  }

  /// The ledger.
  public var ledger: String
  /// The log's name in checkpoints.
  public var origin: String
  /// The right edge of the tree before the first segment: the empty tree for an export from the beginning.
  public var start: TreeEdge
  /// In order, without gaps.
  public var segments: [Segment]

  /// Makes a manifest.
  public init(ledger: String, origin: String, start: TreeEdge, segments: [Segment]) {
    self.ledger = ledger
    self.origin = origin
    self.start = start
    self.segments = segments
  }

  /// First position.
  public var first: Int64 { start.size + 1 }
  /// Last position.
  public var last: Int64 { segments.last?.last ?? start.size }
  /// The root at the last position.
  public var root: [UInt8] { segments.last?.root ?? start.root }

  /// Reads the lines of a manifest; their order and numbers are for the verifier to judge.
  ///
  /// - Throws: `unreadable`, `foreign`.
  public init(parsing bytes: [UInt8]) throws(ExportError) {
    var lines = bytes.split(separator: 0x0A)[...]
    func next() throws(ExportError) -> JSON? {
      guard let line = lines.popFirst() else { return nil }
      guard let json = try? JSON(parsing: Array(line)) else {
        throw ExportError(.unreadable, "a line of the manifest is no JSON")
      }
      return json
    }
    guard let head = try next(), head["format"]?.string == Self.format else {
      throw ExportError(.foreign, "the manifest is not a \(Self.format)")
    }
    guard let ledger = head["ledger"]?.string, let origin = head["origin"]?.string,
      let first = head["first"]?.integer, first > 0, let hex = head["edge"]?.string, let edge = Hex.bytes(hex),
      let start = TreeEdge(size: first - 1, encoded: edge)
    else { throw ExportError(.unreadable, "the manifest's first line lacks ledger, origin, first or edge") }
    (self.ledger, self.origin, self.start, segments) = (ledger, origin, start, [])
    while let line = try next() {
      guard let segment = Segment(line) else { throw ExportError(.unreadable, "a segment's line is not complete") }
      segments.append(segment)
    }
  }
}

extension ExportManifest.Segment {
  fileprivate init?(_ line: JSON) {
    func hash(_ name: String) -> [UInt8]? {
      line[name]?.string.flatMap(Hex.bytes).flatMap { $0.count == TreeHash.length ? $0 : nil }
    }
    guard let first = line["first"]?.integer, let last = line["last"]?.integer, first > 0, last >= first,
      last - first < ExportLimits.segmentEvents, let bytes = line["bytes"]?.integer, bytes >= 0,
      let sha256 = hash("sha256"), let root = hash("root"), line["dictionary"] == nil || hash("dictionary") != nil,
      let time = line["recordedtime"]?.string, let recordedAt = Timestamp(rfc3339: time)
    else { return nil }
    self.init(
      first: first, last: last, sha256: sha256, bytes: bytes, dictionary: hash("dictionary"), root: root,
      recordedAt: recordedAt)
  }
}

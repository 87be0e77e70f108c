import Compression
import Crypto
import Domain

/// Reads the segments of a folder one at a time, the personal parts of their events joined in.
public final class SegmentContents {
  /// The first line of a segment names it.
  static let format = "daybook-segment-1"
  /// The first line of a personal file names it.
  static let personalFormat = "daybook-personal-1"

  private let folder: ExportFolder
  private let ledger: String
  /// The dictionary of the segment before: most follow each other.
  private var dictionary: (sha256: [UInt8], value: ZstandardDictionary)?

  /// Reads a ledger's segments in a folder.
  public init(_ folder: ExportFolder, ledger: String) {
    self.folder = folder
    self.ledger = ledger
  }

  /// A person whom events name by token alone.
  public struct Person: Sendable, Hashable {
    /// `user`, `session` or `customer`.
    public var kind: String
    /// What the producer called the person.
    public var value: String
    /// What stands for the person in the log.
    public var token: String

    /// Makes a person.
    public init(kind: String, value: String, token: String) {
      (self.kind, self.value, self.token) = (kind, value, token)
    }
  }

  /// What stands beside a segment.
  public struct Beside: Sendable {
    /// Personal parts by their events' places in the segment, from 0.
    public var parts: [Int: Personal] = [:]
    /// Persons whom events of the segment name without a personal part of their own.
    public var persons: [Person] = []
  }

  /// The personal part of one event.
  public struct Personal: Sendable {
    /// Canonical JSON: pointers into the data, to values.
    public var part: [UInt8]
    /// 16 bytes.
    public var salt: [UInt8]
  }

  /// Hands over the events of a segment in order.
  ///
  /// - Parameter personalFault: Is told when the personal file is not as it should be; the events come without it then.
  /// - Throws: `ExportError` where the segment cannot be read, is altered or another one; and what `body` throws.
  public func forEach(
    of segment: ExportManifest.Segment, personalFault: (ExportError) -> Void = { _ in },
    _ body: (ExportedEvent) throws -> Void
  ) throws {
    let reader = try SegmentReader(text(of: segment), format: Self.format)
    guard reader.header["ledger"]?.string == ledger, reader.header["first"]?.integer == segment.first,
      Int64(reader.count) == segment.last - segment.first + 1
    else { throw ExportError(.foreign, "the segment's own first line tells other positions or another ledger") }
    var personal: [Int: Personal] = [:]
    do { personal = try beside(segment).parts } catch { personalFault(error) }
    try reader.forEach { index, record in
      var exported = try ExportedEvent(record: record, ledger: ledger, position: segment.first + Int64(index))
      exported.event.personal = personal[index]?.part
      exported.event.salt = personal[index]?.salt
      try body(exported)
    }
  }

  /// The text of a segment, its file's digest checked.
  func text(of segment: ExportManifest.Segment) throws(ExportError) -> [UInt8] {
    try text(of: try folder.segmentBytes(segment), segment.dictionary)
  }

  private func text(of file: [UInt8], _ sha256: [UInt8]?) throws(ExportError) -> [UInt8] {
    var known: ZstandardDictionary?
    if let sha256 {
      if dictionary?.sha256 != sha256 { dictionary = (sha256, try folder.dictionary(sha256)) }
      known = dictionary?.value
    }
    do { return try Zstandard.decompress(file, limit: ExportLimits.segmentText, dictionary: known) } catch {
      throw ExportError(.unreadable, "the file does not decompress: \(error.detail)")
    }
  }

  /// What stands beside a segment.
  ///
  /// No file at all: nothing personal was ever there, or all of it was erased.
  public func beside(_ segment: ExportManifest.Segment) throws(ExportError) -> Beside {
    let path = folder.personalPath(segment.sha256)
    var beside = Beside()
    guard ExportFile.size(path) != nil else { return beside }
    let file = try ExportFile.read(path, limit: ExportLimits.segmentFile)
    let reader = try SegmentReader(text(of: file, segment.dictionary), format: Self.personalFormat)
    guard reader.header["segment"]?.string == Hex.string(segment.sha256) else {
      throw ExportError(.foreign, "the personal file is another segment's")
    }
    do {
      try reader.forEach { _, record in
        guard let root = try? JSONDocument(record, limits: ExportedEvent.limits).root, beside.take(root) else {
          throw ExportError(.unreadable, "a personal part cannot be read")
        }
      }
    } catch { throw error as? ExportError ?? ExportError(.unreadable, "a personal part cannot be read") }
    return beside
  }
}

extension SegmentContents.Beside {
  fileprivate mutating func take(_ record: JSONView) -> Bool {
    if let offset = record["offset"]?.integer, let part = record["personal"],
      let salt = record["salt"]?.string.flatMap(Hex.bytes), salt.count == 16
    {
      parts[Int(offset)] = .init(part: part.canonical, salt: salt)
      return true
    }
    guard let kind = record["kind"]?.string, let value = record["value"]?.string, let token = record["token"]?.string
    else { return false }
    persons.append(.init(kind: kind, value: value, token: token))
    return true
  }
}

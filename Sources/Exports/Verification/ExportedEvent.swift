import Crypto
public import Domain
import Integrity

/// An event as an export holds it, with the hashes that follow from its values.
public struct ExportedEvent: Sendable {
  /// The event; its data and conclusions are canonical, its payload hash is recomputed.
  public var event: RecordedEvent
  /// The payload hash that stood in the record; segments have none.
  var claimedPayloadHash: [UInt8]?
  /// The RFC 6962 leaf hash of the canonical entry, 32 bytes.
  public let leaf: [UInt8]

  private static let members: Set<ExactText> = [
    "actor", "actorkind", "causationid", "correlationid", "data", "derived", "id", "ledger", "payloadhash",
    "personal",
    "personalhash", "position", "recordedtime", "salt", "sequence", "source", "subject", "time", "traceparent",
    "type",
    "typeversion",
  ]
  /// Records of the log are never deeper: 16 levels of data, and what stands around them.
  static let limits = JSONLimits(depth: 64, bytes: ExportLimits.record, values: ExportLimits.record / 2)
  /// Bytes of the envelope's texts, so that the entry stays within its bound when all are escaped.
  private static let envelopeAtMost = 8_000

  /// Reads a record of a segment, which tells neither ledger nor position, or of a file of records, which tells both.
  ///
  /// - Throws: `unreadable`; `foreign` where the record is of another ledger.
  init(record: [UInt8], ledger: String, position: Int64?) throws(ExportError) {
    guard let root = try? JSONDocument(record, limits: Self.limits).root, root.kind == .object else {
      throw ExportError(.unreadable, "the record is no JSON that the ledger takes")
    }
    guard root.members.allSatisfy({ Self.members.contains($0.key) }) else {
      throw ExportError(.unreadable, "the record has a member that no hash covers")
    }
    if let own = root["ledger"]?.string, !own.utf8.elementsEqual(ledger.utf8) {
      throw ExportError(.foreign, "the record is of another ledger")
    }
    guard let place = position ?? root["position"]?.integer, place > 0, let data = root["data"], data.kind == .object,
      let sequence = root["sequence"]?.integer, sequence > 0,
      let version = root["typeversion"]?.integer, (1...Int64(Int32.max)).contains(version),
      let kind = ActorKind(rawValue: root["actorkind"]?.string ?? "")
    else { throw ExportError(.unreadable, "the record lacks a member, or has one of another form") }
    let hash = try Self.bytes(root["personalhash"], count: 32, "personalhash")
    let canonical = data.canonical
    let derived = root["derived"]?.canonical
    event = RecordedEvent(
      ledger: ledger, position: place, id: try Self.text(root, "id"), source: try Self.text(root, "source"),
      type: try Self.text(root, "type"), typeVersion: Int(version), subject: try Self.text(root, "subject"),
      sequence: sequence, occurredAt: try Self.time(root, "time"), recordedAt: try Self.time(root, "recordedtime"),
      actor: try Self.text(root, "actor"), actorKind: kind, correlationID: root["correlationid"]?.string,
      causationID: root["causationid"]?.string, traceparent: root["traceparent"]?.string, data: canonical,
      personal: root["personal"]?.canonical, salt: try Self.bytes(root["salt"], count: 16, "salt"),
      personalHash: hash, derived: derived,
      payloadHash: EventHash.payload(data: canonical, derived: derived, personalHash: hash))
    claimedPayloadHash = try Self.bytes(root["payloadhash"], count: 32, "payloadhash")
    guard Self.envelopeSize(event) <= Self.envelopeAtMost else {
      throw ExportError(.beyondLimit, "the record's envelope is beyond the bounds of an entry")
    }
    leaf = EventHash.leaf(entry: EventHash.entry(event))
  }

  /// Reads a line of a file of records, or of a service's export.
  ///
  /// - Throws: `unreadable`; `foreign` where the record is of another ledger.
  public init(line: [UInt8], ledger: String) throws(ExportError) {
    try self.init(record: line, ledger: ledger, position: nil)
  }

  /// True where the payload hash that stood in the record, if any, is that of its values.
  public var isAsHashed: Bool { claimedPayloadHash.map { $0 == event.payloadHash } ?? true }

  /// Hands over each line of a file of records, plain or compressed with zstd (`.zst`), in constant memory.
  ///
  /// - Parameter progress: bytes of the file read so far.
  public static func forEachLine(
    of path: String, progress: (Int64) -> Void, _ body: (_ number: Int64, _ line: [UInt8]) throws -> Void
  ) throws { try RecordFile.forEachLine(path, progress: progress, body) }

  /// Bytes of a file; nil where there is none.
  public static func size(ofFile path: String) -> Int64? { ExportFile.size(path) }

  /// The ledger that a record names.
  static func ledger(_ record: [UInt8]) -> String? {
    (try? JSONDocument(record, limits: limits))?.root["ledger"]?.string
  }

  private static func text(_ root: JSONView, _ name: String) throws(ExportError) -> String {
    guard let text = root[name]?.string, !text.isEmpty else {
      throw ExportError(.unreadable, "the record has no \(name)")
    }
    return text
  }

  /// The one spelling that the entry has, so that no other passes for it.
  private static func time(_ root: JSONView, _ name: String) throws(ExportError) -> Timestamp {
    guard let view = root[name], let text = view.string, let time = Timestamp(rfc3339: text), time.description == text
    else { throw ExportError(.unreadable, "the record's \(name) is no time of the ledger") }
    return time
  }

  private static func bytes(_ view: JSONView?, count: Int, _ name: String) throws(ExportError) -> [UInt8]? {
    guard let view else { return nil }
    guard let bytes = view.string.flatMap(Hex.bytes), bytes.count == count else {
      throw ExportError(.unreadable, "the record's \(name) is not \(count) bytes in hexadecimal")
    }
    return bytes
  }

  private static func envelopeSize(_ event: RecordedEvent) -> Int {
    let texts = [
      event.ledger, event.id, event.source, event.type, event.subject, event.actor, event.correlationID ?? "",
      event.causationID ?? "", event.traceparent ?? "",
    ]
    return texts.reduce(0) { $0 + $1.utf8.count }
  }
}

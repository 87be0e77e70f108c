internal import Crypto
public import Domain

/// The hashes that bind an event: personal part, payload, entry, leaf.
public enum EventHash {
  /// The longest entry; the bounds of the members keep every valid event below it.
  public static let longestEntry = 65_535

  /// SHA-256(salt ‖ JCS(personal)).
  public static func personal(salt: [UInt8], personal: [UInt8]) -> [UInt8] {
    var hasher = SHA256Hasher()
    hasher.update(salt)
    hasher.update(personal)
    return hasher.finalize()
  }

  /// SHA-256(JCS({"data":…,"derived":…,"personalhash":…})) from canonical parts.
  ///
  /// `derived` and `personalhash` are left out where they are nil.
  public static func payload(data: [UInt8], derived: [UInt8]?, personalHash: [UInt8]?) -> [UInt8] {
    var hasher = SHA256Hasher()
    hasher.update("{\"data\":")
    hasher.update(data)
    if let derived {
      hasher.update(",\"derived\":")
      hasher.update(derived)
    }
    if let personalHash {
      var hex: [UInt8] = []
      hex.reserveCapacity(2 * personalHash.count)
      Hex.append(personalHash, to: &hex)
      hasher.update(",\"personalhash\":\"")
      hasher.update(hex)
      hasher.update("\"")
    }
    hasher.update("}")
    return hasher.finalize()
  }

  /// The canonical entry of an event: RFC 8785 of its envelope and payload hash, at most `longestEntry` bytes.
  public static func entry(_ event: RecordedEvent) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(640)
    appendEntry(event, to: &bytes)
    return bytes
  }

  /// Appends the canonical entry of an event, for hot paths that keep their buffer.
  public static func appendEntry(_ event: RecordedEvent, to bytes: inout [UInt8]) {
    let start = bytes.count
    // Keys in the order of RFC 8785.
    append("{\"actor\":", event.actor, to: &bytes)
    append(",\"actorkind\":", event.actorKind.rawValue, to: &bytes)
    if let causationID = event.causationID { append(",\"causationid\":", causationID, to: &bytes) }
    if let correlationID = event.correlationID { append(",\"correlationid\":", correlationID, to: &bytes) }
    append(",\"id\":", event.id, to: &bytes)
    append(",\"ledger\":", event.ledger, to: &bytes)
    bytes.append(literal: ",\"payloadhash\":\"")
    Hex.append(event.payloadHash, to: &bytes)
    bytes.append(literal: "\",\"position\":")
    JSONWriter.appendInteger(event.position, to: &bytes)
    bytes.append(literal: ",\"recordedtime\":\"")
    event.recordedAt.append(to: &bytes)
    bytes.append(literal: "\",\"sequence\":")
    JSONWriter.appendInteger(event.sequence, to: &bytes)
    append(",\"source\":", event.source, to: &bytes)
    append(",\"subject\":", event.subject, to: &bytes)
    bytes.append(literal: ",\"time\":\"")
    event.occurredAt.append(to: &bytes)
    bytes.append(literal: "\"")
    if let traceparent = event.traceparent { append(",\"traceparent\":", traceparent, to: &bytes) }
    append(",\"type\":", event.type, to: &bytes)
    bytes.append(literal: ",\"typeversion\":")
    JSONWriter.appendInteger(Int64(event.typeVersion), to: &bytes)
    bytes.append(literal: "}")
    precondition(bytes.count - start <= longestEntry, "the bounds of an event keep its entry below 65,536 bytes")
  }

  /// SHA-256(0x00 ‖ entry).
  public static func leaf(entry: [UInt8]) -> [UInt8] { TreeHash.leaf(entry) }

  private static func append(_ key: StaticString, _ text: String, to bytes: inout [UInt8]) {
    bytes.append(literal: key)
    JSONWriter.appendString(text, to: &bytes)
  }
}

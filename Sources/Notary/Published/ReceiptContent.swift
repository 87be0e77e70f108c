import Crypto
public import Domain
public import Integrity

/// What a receipt says of its event, beside the proof: the entry that is the leaf, and the payload that the entry names by its
/// hash. The personal part is not in it, so that erasures reach receipts too.
public struct ReceiptContent: Sendable {
  /// The canonical entry's members.
  public let entry: JSON
  /// `data`, and `derived` and `personalhash` where there are any.
  public let payload: JSON

  /// Takes it from an event.
  ///
  /// - Throws: `JSONFaults` where what is stored is no JSON that the ledger takes.
  public init(_ event: RecordedEvent) throws {
    entry = try JSON(parsing: EventHash.entry(event))
    payload = .object([
      "data": try JSON(parsing: event.data), "derived": try event.derived.map { try JSON(parsing: $0) },
      "personalhash": event.personalHash.map { .text(Hex.string($0)) },
    ])
  }

  /// Reads the extra data of a receipt.
  ///
  /// - Throws: `IntegrityError` `malformed`.
  public init(parsing bytes: [UInt8]) throws(IntegrityError) {
    guard let json = try? JSON(parsing: bytes, limits: JSONLimits(depth: 32, bytes: LogProof.bytesAtMost)),
      let entry = json["entry"], let payload = json["payload"], json.members?.count == 2, entry.members != nil
    else { throw IntegrityError(.malformed, "the receipt has no entry and payload") }
    self.entry = entry
    self.payload = payload
  }

  /// As a receipt carries it.
  public var bytes: [UInt8] { JSON.object(["entry": entry, "payload": payload]).canonical }

  /// The leaf that the entry is.
  public var leafHash: [UInt8] { EventHash.leaf(entry: entry.canonical) }

  /// True where the payload is the one that the entry names.
  public var givesPayloadHash: Bool {
    entry["payloadhash"]?.string == Hex.string(SHA256Digest.hash(payload.canonical))
  }
}

public import Domain

/// What accounting needs of one event of the log.
public struct AccountingRecord {
  /// Place in the ledger.
  public var position: Int64
  /// The event's type; what is not in ``Bookkeeper/types`` is left alone.
  public var type: String
  /// When it happened.
  public var time: Timestamp
  /// What the producer said, personal members not among it.
  public var data: JSONView
  /// What the ledger concluded.
  public var derived: JSONView?
  /// `ledger/position/leaf`: the RFC 6962 leaf hash of the event's entry in lower-case hex, which its receipt proves.
  public var receipt: [UInt8]

  /// Makes a record.
  ///
  /// - Parameters:
  ///   - ledger: the ledger's name.
  ///   - leaf: 32 bytes.
  public init(
    position: Int64, type: String, time: Timestamp, data: JSONView, derived: JSONView?, ledger: String,
    leaf: UnsafeRawBufferPointer
  ) {
    self.position = position
    self.type = type
    self.time = time
    self.data = data
    self.derived = derived
    receipt = []
    receipt.reserveCapacity(ledger.utf8.count + 22 + 2 * leaf.count)
    receipt.append(contentsOf: ledger.utf8)
    receipt.append(UInt8(ascii: "/"))
    JSONWriter.appendInteger(position, to: &receipt)
    receipt.append(UInt8(ascii: "/"))
    for byte in leaf {
      receipt.append(Self.digit(byte >> 4))
      receipt.append(Self.digit(byte & 15))
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
}

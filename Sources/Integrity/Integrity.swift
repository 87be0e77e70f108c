public import Domain

/// The right edge of an RFC 6962 tree: all that is needed to append and to know the root.
public struct TreeEdge: Sendable, Equatable {
  /// Number of leaves.
  public private(set) var size: Int64 = 0
  /// The empty tree.
  public init() {}
  /// Reads `encoded` (the perfect subtrees' roots, largest first, 32 bytes each); nil where length and size disagree.
  public init?(size: Int64, encoded: [UInt8]) { fatalError("contract") }
  /// The perfect subtrees' roots, largest first.
  public var encoded: [UInt8] { fatalError("contract") }
  /// Appends a leaf by its hash.
  public mutating func append(leafHash: [UInt8]) { fatalError("contract") }
  /// The root of all leaves so far; SHA-256 of nothing for the empty tree.
  public var root: [UInt8] { fatalError("contract") }
}

/// The hashes that bind an event (section "Integrity" of the documentation).
public enum EventHash {
  /// SHA-256(salt ‖ JCS(personal)).
  public static func personal(salt: [UInt8], personal: [UInt8]) -> [UInt8] { fatalError("contract") }
  /// SHA-256(JCS({"data":…,"derived":…,"personalhash":…})) from canonical parts.
  public static func payload(data: [UInt8], derived: [UInt8]?, personalHash: [UInt8]?) -> [UInt8] { fatalError("contract") }
  /// The canonical entry of an event.
  public static func entry(_ event: RecordedEvent) -> [UInt8] { fatalError("contract") }
  /// SHA-256(0x00 ‖ entry).
  public static func leaf(entry: [UInt8]) -> [UInt8] { fatalError("contract") }
}

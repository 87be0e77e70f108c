internal import Crypto

/// Size and root of a log's tree with the log's name (c2sp.org/tlog-checkpoint): the text of the notes that a log signs.
public struct Checkpoint: Sendable {
  /// Which log.
  public let origin: String
  /// Number of leaves: the last position.
  public let size: Int64
  /// RFC 6962 root, 32 bytes.
  public let root: [UInt8]
  /// Lines of others' making; a daybook has none.
  public let extensions: [String]

  /// Makes a checkpoint of a log whose origin is a name that notes allow.
  public init(origin: String, size: Int64, root: [UInt8]) {
    precondition(VerifierKey.isName(origin) && size >= 0 && root.count == TreeHash.length, "a checkpoint's parts")
    self.origin = origin
    self.size = size
    self.root = root
    extensions = []
  }

  /// Reads a note's text.
  ///
  /// - Throws: `malformed`.
  public init(text: [UInt8]) throws(IntegrityError) {
    guard text.last == 0x0A else { throw IntegrityError(.malformed, "a checkpoint ends with a newline") }
    let lines = text.dropLast().split(separator: 0x0A, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    guard lines.count >= 3, lines.allSatisfy({ !$0.isEmpty }), let size = Self.size(lines[1]),
      let root = Base64.bytes(lines[2]), root.count == TreeHash.length
    else { throw IntegrityError(.malformed, "a checkpoint is lines of origin, size and base64 of the root") }
    origin = lines[0]
    self.size = size
    self.root = root
    extensions = Array(lines.dropFirst(3))
  }

  /// The text that is signed.
  public var text: [UInt8] {
    Array(([origin, String(size), Base64.string(root)] + extensions).map { $0 + "\n" }.joined().utf8)
  }

  /// A number of leaves: decimal digits without leading zeros; nil for anything else.
  public static func size(_ text: String) -> Int64? {
    guard let size = Int64(text), size >= 0, String(size).utf8.elementsEqual(text.utf8) else { return nil }
    return size
  }

  /// True for the same log, size and root.
  public func agrees(with other: Checkpoint) -> Bool {
    origin.utf8.elementsEqual(other.origin.utf8) && size == other.size && root == other.root
  }
}

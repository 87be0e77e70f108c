internal import Crypto

/// A proof that needs nothing but keys (c2sp.org/tlog-proof@v1): an index, its inclusion path, and a signed checkpoint.
public struct LogProof: Sendable {
  /// Most bytes of a proof that is read: an event's payload is a few times 48 KiB at most, in base64.
  public static let bytesAtMost = 1 << 20
  /// Most hashes of a path.
  public static let pathAtMost = 63
  private static let heading = "c2sp.org/tlog-proof@v1"

  /// What the application needs to make the leaf; nothing vouches for it but the hash.
  public var extra: [UInt8]?
  /// The leaf's index: position − 1.
  public var index: Int64
  /// From the leaf's sibling upwards, 32 bytes each.
  public var path: [[UInt8]]
  /// The checkpoint, with the log's signature and those of witnesses.
  public var checkpoint: SignedNote

  /// Makes a proof.
  public init(extra: [UInt8]?, index: Int64, path: [[UInt8]], checkpoint: SignedNote) {
    self.extra = extra
    self.index = index
    self.path = path
    self.checkpoint = checkpoint
  }

  /// The text.
  public var bytes: [UInt8] {
    var text = Self.heading + "\n"
    if let extra { text += "extra \(Base64.string(extra))\n" }
    text += "index \(index)\n"
    for hash in path { text += Base64.string(hash) + "\n" }
    return Array((text + "\n").utf8) + checkpoint.bytes
  }

  /// Reads a proof. Nothing of it can be trusted before `verify`.
  ///
  /// - Throws: `malformed`.
  public init(parsing bytes: [UInt8]) throws(IntegrityError) {
    guard bytes.count <= Self.bytesAtMost else { throw IntegrityError(.malformed, "a proof of more than 1 MiB") }
    var rest = bytes[...]
    func nextLine() throws(IntegrityError) -> String {
      guard let end = rest.firstIndex(of: 0x0A) else { throw IntegrityError(.malformed, "the proof is cut off") }
      let line = String(decoding: rest[..<end], as: UTF8.self)
      rest = rest[(end + 1)...]
      return line
    }
    guard try nextLine() == Self.heading else { throw IntegrityError(.malformed, "not a \(Self.heading)") }
    var line = try nextLine()
    extra = nil
    if line.hasPrefix("extra ") {
      guard let decoded = Base64.bytes(String(line.dropFirst(6))) else {
        throw IntegrityError(.malformed, "the proof's extra data is no base64")
      }
      extra = decoded
      line = try nextLine()
    }
    guard line.hasPrefix("index "), let index = Checkpoint.size(String(line.dropFirst(6))) else {
      throw IntegrityError(.malformed, "the proof has no index")
    }
    self.index = index
    path = []
    while true {
      line = try nextLine()
      if line.isEmpty { break }
      guard path.count < Self.pathAtMost, let hash = Base64.bytes(line), hash.count == TreeHash.length else {
        throw IntegrityError(.malformed, "a line of the proof's path is no hash")
      }
      path.append(hash)
    }
    checkpoint = try SignedNote(parsing: Array(rest))
  }

  /// Checks signatures and path.
  ///
  /// - Parameters:
  ///   - leafHash: Made by the application from the leaf, which the proof's extra data may help with.
  ///   - log: The log's key; the checkpoint's origin must be its name.
  ///   - witnesses: Keys of known witnesses.
  /// - Returns: the checkpoint, and the witnesses that cosigned it.
  /// - Throws: `malformed`, `notVerified`.
  public func verify(
    leafHash: [UInt8], log: VerifierKey, witnesses: [VerifierKey] = []
  ) throws(IntegrityError) -> (checkpoint: Checkpoint, witnesses: [VerifierKey]) {
    let signers = try checkpoint.verified(by: [log] + witnesses)
    guard signers.contains(log) else {
      throw IntegrityError(.notVerified, "the log's key did not sign the checkpoint")
    }
    let tree = try Checkpoint(text: checkpoint.text)
    guard tree.origin.utf8.elementsEqual(log.name.utf8) else {
      throw IntegrityError(.notVerified, "the checkpoint is of another log than the key")
    }
    guard ProofVerifier.isIncluded(leafHash: leafHash, index: index, size: tree.size, path: path, root: tree.root)
    else { throw IntegrityError(.notVerified, "the path does not lead from the leaf to the checkpoint's root") }
    return (tree, signers.filter { $0 != log })
  }
}

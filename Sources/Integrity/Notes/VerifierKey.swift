internal import Crypto

/// A public key with a name, as signed notes know it (c2sp.org/signed-note): `name+id+base64`.
public struct VerifierKey: Sendable {
  /// What its signatures are.
  public enum Kind: UInt8, Sendable {
    /// Ed25519 over the note's text.
    case ed25519 = 0x01
    /// Timestamped Ed25519 of a witness (c2sp.org/tlog-cosignature).
    case cosignature = 0x04
  }

  /// Not empty, without spaces, `+` and control characters.
  public let name: String
  /// What its signatures are.
  public let kind: Kind
  /// 32 bytes.
  public let publicKey: [UInt8]
  /// The first four bytes of SHA-256(name ‖ 0x0A ‖ kind ‖ public key): an identifier, no proof of anything.
  public let id: UInt32

  /// Makes a key; nil for a name that notes do not allow, or another number of bytes than 32.
  public init?(name: String, kind: Kind, publicKey: [UInt8]) {
    guard Self.isName(name), publicKey.count == Ed25519.publicKeyLength else { return nil }
    self.name = name
    self.kind = kind
    self.publicKey = publicKey
    let digest = SHA256Digest.hash(Array(name.utf8) + [0x0A, kind.rawValue] + publicKey)
    id = digest.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// Reads `name+id+base64`.
  ///
  /// - Throws: `malformed`, also where the id is not that of name and key.
  public init(parsing text: String) throws(IntegrityError) {
    let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, let bytes = Base64.bytes(parts[2]), let first = bytes.first,
      let kind = Kind(rawValue: first),
      let key = VerifierKey(name: parts[0], kind: kind, publicKey: Array(bytes.dropFirst())), key.idText == parts[1]
    else { throw IntegrityError(.malformed, "not a verifier key (name+id+base64 of an Ed25519 key)") }
    self = key
  }

  /// `name+id+base64`.
  public var text: String { "\(name)+\(idText)+\(Base64.string([kind.rawValue] + publicKey))" }

  private var idText: String { Hex.string(withUnsafeBytes(of: id.bigEndian) { Array($0) }) }

  /// True for names that signature lines can carry.
  public static func isName(_ name: String) -> Bool {
    !name.isEmpty
      && name.unicodeScalars.allSatisfy { scalar in
        scalar.value >= 0x20 && scalar != "+" && !scalar.properties.isWhitespace
      }
  }

  /// True where name and id of the signature are the key's.
  public func claims(_ signature: NoteSignature) -> Bool {
    signature.keyID == id && signature.name.utf8.elementsEqual(name.utf8)
  }

  /// True where the signature is the key's, over this text.
  public func verifies(_ signature: NoteSignature, of text: [UInt8]) -> Bool {
    guard claims(signature) else { return false }
    switch kind {
    case .ed25519: return Ed25519.verify(signature.bytes, of: text, publicKey: publicKey)
    case .cosignature:
      guard let cosignature = Cosignature(signature) else { return false }
      return Ed25519.verify(
        cosignature.signature, of: Cosignature.message(time: cosignature.time, text: text), publicKey: publicKey)
    }
  }
}

extension VerifierKey: Hashable {
  /// Byte for byte.
  public static func == (left: VerifierKey, right: VerifierKey) -> Bool {
    left.kind == right.kind && left.publicKey == right.publicKey && left.name.utf8.elementsEqual(right.name.utf8)
  }
  /// By the key alone.
  public func hash(into hasher: inout Hasher) { hasher.combine(publicKey) }
}

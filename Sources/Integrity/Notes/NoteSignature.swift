internal import Crypto

/// One signature line of a note: `— name base64(id ‖ signature)`.
public struct NoteSignature: Sendable {
  /// The key's name.
  public let name: String
  /// The key's id.
  public let keyID: UInt32
  /// What the key's kind makes of it; at least one byte.
  public let bytes: [UInt8]

  /// Makes a signature.
  public init(name: String, keyID: UInt32, bytes: [UInt8]) {
    self.name = name
    self.keyID = keyID
    self.bytes = bytes
  }

  private static let dash = "\u{2014} "

  /// The line with its newline.
  public var line: String {
    let id = withUnsafeBytes(of: keyID.bigEndian) { Array($0) }
    return "\(Self.dash)\(name) \(Base64.string(id + bytes))\n"
  }

  /// Reads a line without its newline.
  ///
  /// - Throws: `malformed`.
  public init(line: String) throws(IntegrityError) {
    let parts = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
    guard line.hasPrefix(Self.dash), parts.count == 3, VerifierKey.isName(parts[1]),
      let bytes = Base64.bytes(parts[2]), bytes.count > 4
    else { throw IntegrityError(.malformed, "a signature line is not `— name base64`") }
    name = parts[1]
    keyID = bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    self.bytes = Array(bytes.dropFirst(4))
  }
}

/// Signs notes with a key that is kept elsewhere.
public struct NoteSigner: Sendable {
  /// Verifies what is signed here.
  public let key: VerifierKey
  private let sign: @Sendable ([UInt8]) -> [UInt8]

  /// - Parameter sign: Makes an Ed25519 signature of 64 bytes with the private key that belongs to `key`, whose kind is
  ///   `ed25519`.
  public init(_ key: VerifierKey, sign: @escaping @Sendable ([UInt8]) -> [UInt8]) {
    precondition(key.kind == .ed25519, "witnesses sign with a time")
    self.key = key
    self.sign = sign
  }

  /// The signature of a text, which ends with a newline.
  public func signature(of text: [UInt8]) -> NoteSignature {
    NoteSignature(name: key.name, keyID: key.id, bytes: sign(text))
  }
}

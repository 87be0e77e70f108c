/// A text with signatures under it (c2sp.org/signed-note).
public struct SignedNote: Sendable {
  /// Most bytes of a note that is read.
  public static let bytesAtMost = 64 << 10
  /// Most signatures of a note that is read.
  public static let signaturesAtMost = 100

  /// UTF-8 without control characters but newlines, the last of which ends it.
  public let text: [UInt8]
  /// In the order of their lines.
  public private(set) var signatures: [NoteSignature]

  /// Signs a text.
  ///
  /// - Precondition: The text is not empty, ends with a newline and has no control characters but newlines.
  public init(_ text: [UInt8], signers: [NoteSigner]) {
    precondition(Self.isText(text) && text.last == Self.newline, "a note's text is lines of UTF-8")
    self.text = text
    signatures = signers.map { $0.signature(of: text) }
  }

  private static let newline: UInt8 = 0x0A

  /// Reads a note. Nothing of it can be trusted before `verified(by:)`.
  ///
  /// - Throws: `malformed`.
  public init(parsing bytes: [UInt8]) throws(IntegrityError) {
    guard bytes.count <= Self.bytesAtMost, Self.isText(bytes) else {
      throw IntegrityError(.malformed, "a note is at most 64 KiB of UTF-8 without control characters")
    }
    // The last empty line parts text and signatures; the text may have empty lines of its own.
    var split: Int?
    for index in bytes.indices.dropLast() where bytes[index] == Self.newline && bytes[index + 1] == Self.newline {
      split = index + 1
    }
    guard let split, bytes.last == Self.newline, split + 1 < bytes.count else {
      throw IntegrityError(.malformed, "a note is a text, an empty line and signature lines")
    }
    text = Array(bytes[..<split])
    let lines = bytes[(split + 1)...].dropLast().split(separator: Self.newline, omittingEmptySubsequences: false)
    guard lines.count <= Self.signaturesAtMost else {
      throw IntegrityError(.malformed, "a note with more than \(Self.signaturesAtMost) signatures")
    }
    signatures = []
    for line in lines { signatures.append(try NoteSignature(line: String(decoding: line, as: UTF8.self))) }
  }

  /// Text, empty line, signature lines.
  public var bytes: [UInt8] {
    var bytes = text + [Self.newline]
    for signature in signatures { bytes += signature.line.utf8 }
    return bytes
  }

  /// Adds signatures by others.
  public mutating func add(_ more: [NoteSignature]) { signatures += more }

  /// The known keys that signed it.
  ///
  /// - Throws: `notVerified` where a known key's signature is wrong, or no known key signed it.
  public func verified(by keys: [VerifierKey]) throws(IntegrityError) -> [VerifierKey] {
    var found: [VerifierKey] = []
    for signature in signatures {
      guard let key = keys.first(where: { $0.claims(signature) }) else { continue }
      guard key.verifies(signature, of: text) else {
        throw IntegrityError(.notVerified, "the signature of \(key.name) is not over this text, or by another key")
      }
      if !found.contains(key) { found.append(key) }
    }
    guard !found.isEmpty else { throw IntegrityError(.notVerified, "no key that is known here signed it") }
    return found
  }

  private static func isText(_ bytes: [UInt8]) -> Bool {
    bytes.allSatisfy { $0 >= 0x20 || $0 == newline } && String(validating: bytes, as: UTF8.self) != nil
  }
}

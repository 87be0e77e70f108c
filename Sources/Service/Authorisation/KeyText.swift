import Crypto
import HTTP

/// The text of a key: `dbk_<id>_<secret>`.
///
/// The secret is 256 random bits as 43 base62 digits; what is stored is the SHA-256 of the whole text.
struct KeyText: Sendable {
  static let prefix = "dbk_"
  static let idLength = 12
  static let secretLength = 43

  /// Twelve of `[a-z0-9]`.
  let id: String
  /// SHA-256 of the whole text, 32 bytes.
  let sha256: [UInt8]

  /// Reads a key's text; nil where it has not the form of one.
  init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    let idStart = Self.prefix.utf8.count
    let secretStart = idStart + Self.idLength + 1
    guard bytes.count == secretStart + Self.secretLength, bytes.starts(with: Self.prefix.utf8),
      bytes[secretStart - 1] == UInt8(ascii: "_"),
      bytes[idStart..<secretStart - 1].allSatisfy(KeyAlphabet.isIDDigit),
      bytes[secretStart...].allSatisfy(KeyAlphabet.isSecretDigit)
    else { return nil }
    id = String(decoding: bytes[idStart..<secretStart - 1], as: UTF8.self)
    sha256 = SHA256Digest.hash(bytes)
  }

  /// Reads an `Authorization` header: `Bearer dbk_…`, the scheme without case.
  init?(authorization header: String) {
    guard let space = header.utf8.firstIndex(of: UInt8(ascii: " ")),
      ASCIICase.isSame(String(header[..<space]), "Bearer")
    else { return nil }
    self.init(header[header.utf8.index(after: space)...])
  }
}

/// The digits of ids and secrets.
enum KeyAlphabet {
  static let id = Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)

  static func isIDDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) }
  static func isSecretDigit(_ byte: UInt8) -> Bool { isIDDigit(byte) || (0x41...0x5A).contains(byte) }
}

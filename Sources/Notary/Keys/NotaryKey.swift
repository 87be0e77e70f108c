public import Crypto
import Glibc
public import Integrity

/// The notary's private key and the file that it is kept in: PEM, for its owner's eyes only, outside the database.
public struct NotaryKey: Sendable {
  private let key: Ed25519PrivateKey

  /// The key itself.
  public init(_ key: Ed25519PrivateKey) { self.key = key }

  /// Signs under a name; nil for a name that notes do not allow.
  public func signer(name: String) -> NoteSigner? {
    verifier(name: name).map { verifier in NoteSigner(verifier) { [key] in key.sign($0) } }
  }

  /// Verifies what is signed under a name.
  public func verifier(name: String) -> VerifierKey? {
    VerifierKey(name: name, kind: .ed25519, publicKey: key.publicKey)
  }

  /// A name for a deployment that was given none: the same for the same key, and different for others.
  public var usualName: String { "daybook-" + Hex.string(SHA256Digest.hash(key.publicKey).prefix(4)) }

  /// Reads the key; nil where there is no file.
  ///
  /// - Throws: ``NotaryError`` `keyUnusable`, also where others than the owner may read it.
  public static func read(_ path: String) throws(NotaryError) -> NotaryKey? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw unusable(path, "cannot be read: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw unusable(path, "is no file")
    }
    guard status.st_mode & 0o077 == 0 else { throw unusable(path, "is open to others than its owner: chmod 600 it") }
    var bytes = [UInt8](repeating: 0, count: 1024)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    guard count > 0, let key = Ed25519PrivateKey(pem: String(decoding: bytes[..<count], as: UTF8.self)) else {
      throw unusable(path, "holds no Ed25519 key in PEM")
    }
    return NotaryKey(key)
  }

  /// Makes a key and its file, durable before this returns; never writes over one.
  ///
  /// - Throws: ``NotaryError`` `keyUnusable`.
  public static func make(_ path: String) throws(NotaryError) -> NotaryKey {
    let key = Ed25519PrivateKey.generate()
    do {
      try DurableFile.create(path, Array(key.pem.utf8))
    } catch { throw unusable(path, "cannot be made: \(error)") }
    return NotaryKey(key)
  }

  private static func unusable(_ path: String, _ what: String) -> NotaryError {
    NotaryError(.keyUnusable, "the notary's key file \(path) \(what)")
  }
}

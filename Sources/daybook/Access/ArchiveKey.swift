import Crypto
import Integrity
import Lifecycle

/// The key that signs manifests of archives and exports: one of their own, as the log's key signs nothing that the
/// notary
/// has not checked.
enum ArchiveKey {
  /// The signer of a log's archives. The file is made where there is none.
  static func signer(_ invocation: Invocation, origin: String) throws -> NoteSigner {
    let path = invocation["--signing-key"] ?? invocation.dataFolder.path("archive.key")
    let key: Ed25519PrivateKey
    if let text = AtomicFile.read(path) {
      guard let known = Ed25519PrivateKey(pem: text) else {
        throw CheckFailure("\(path) holds no Ed25519 key in PEM (PKCS #8)")
      }
      key = known
    } else {
      if invocation["--signing-key"] == nil { try invocation.dataFolder.make() }
      key = .generate()
      try AtomicFile.write(key.pem, to: path, mode: 0o600)
    }
    guard let verifier = VerifierKey(name: origin + "/archive", kind: .ed25519, publicKey: key.publicKey) else {
      throw UsageError("the log's name \(origin) is none that notes allow", invocation.command)
    }
    return NoteSigner(verifier) { key.sign($0) }
  }
}

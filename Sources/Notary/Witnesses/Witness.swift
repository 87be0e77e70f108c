public import Integrity

/// Somebody else who sees to it that the log only grows: its address and its key (c2sp.org/tlog-witness).
public struct Witness: Sendable, Hashable {
  /// Where checkpoints are sent to, without `/add-checkpoint`.
  public let url: String
  /// Verifies its cosignatures.
  public let key: VerifierKey

  /// Names a witness.
  public init(url: String, key: VerifierKey) {
    self.url = url
    self.key = key
  }

  /// Reads `URL#VERIFIER-KEY`.
  ///
  /// - Throws: ``NotaryError`` `badWitness`.
  public init(parsing text: String) throws(NotaryError) {
    guard let hash = text.firstIndex(of: "#") else {
      throw NotaryError(.badWitness, "a witness is given as URL#VERIFIER-KEY")
    }
    var url = String(text[..<hash])
    while url.hasSuffix("/") { url.removeLast() }
    guard url.hasPrefix("https://") || url.hasPrefix("http://"),
      let key = try? VerifierKey(parsing: String(text[text.index(after: hash)...])), key.kind == .cosignature
    else {
      throw NotaryError(
        .badWitness, "a witness is an http address, # and the verifier key of an Ed25519 cosigner (type 0x04)")
    }
    self.init(url: url, key: key)
  }
}

import Crypto

/// Keys of Postgres advisory locks, which are 64-bit numbers: the first eight bytes of a name's SHA-256.
struct AdvisoryKey: Sendable, Hashable {
  let value: Int64

  private init(_ name: String) {
    let digest = SHA256Digest.hash(Array(name.utf8))
    value = digest.prefix(8).reduce(0) { $0 << 8 | Int64($1) }
  }

  /// Held by whoever posts a projection of a ledger.
  static func posting(_ projection: String, _ ledger: String) -> AdvisoryKey {
    AdvisoryKey("daybook/posting/\(projection)/\(ledger)")
  }
  /// Held by whoever builds a projection.
  static func building(_ projection: String) -> AdvisoryKey { AdvisoryKey("daybook/building/\(projection)") }
  /// Held while the list of builds changes.
  static let registry = AdvisoryKey("daybook/projections")
}

import Crypto
public import Domain

extension VerifiedMark {
  /// `{"ledger", "position", "root", "verified_at"}`, the root in hexadecimal.
  public var json: JSON {
    .object([
      "ledger": .text(ledger), "position": .integer(position), "root": .text(Hex.string(root)),
      "verified_at": .text(verifiedAt.description),
    ])
  }

  /// Reads what `json` writes; nil for anything else.
  public init?(_ json: JSON) {
    guard let ledger = json["ledger"]?.string, let position = json["position"]?.integer, position > 0,
      let root = json["root"]?.string.flatMap({ Hex.bytes($0) }), root.count == 32,
      let verifiedAt = json["verified_at"]?.string.flatMap({ Timestamp(rfc3339: $0) })
    else { return nil }
    self.init(ledger: ledger, position: position, root: root, verifiedAt: verifiedAt)
  }
}

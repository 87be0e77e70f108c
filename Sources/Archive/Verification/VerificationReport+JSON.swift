import Crypto
public import Domain
import Exports

extension VerificationReport {
  /// The report for machines; members are added, never changed.
  ///
  /// `{"ledger", "events", "last", "root", "since"?: {"position", "proof"}, "erased", "erasures": [{"position", "owner",
  /// "reason", "legal_basis"?, "events", "positions"}], "costs", "checkpoints": {"table", "file"?, "own", "signed_to",
  /// "signed_by", "key_from"?}, "books", "notices", "verified", "findings": [{"position", "kind", "detail"}]}`
  public var json: JSON {
    .object([
      "ledger": .text(ledger), "events": .integer(events), "last": .integer(last), "root": .text(Hex.string(root)),
      "since": start.map { .object(["position": .integer($0.position), "proof": .text($0.proof)]) },
      "erased": .integer(erased), "erasures": erasures.json, "costs": .integer(costs),
      "checkpoints": .object([
        "table": .integer(checkpoints.table), "file": checkpoints.file.map { .integer($0) },
        "own": .integer(checkpoints.own), "signed_to": .integer(checkpoints.signedTo),
        "signed_by": .array(checkpoints.signedBy.map { .text($0) }),
        "key_from": checkpoints.keyFrom.map { .text($0) },
      ]),
      "books": .array(books.map { .text($0) }), "notices": .array(notices.map { .text($0) }),
      "verified": .boolean(isClean),
      "findings": .array(
        findings.map {
          .object([
            "position": .integer($0.position), "kind": .text($0.kind.rawValue), "detail": .text($0.detail),
          ])
        }),
    ])
  }
}

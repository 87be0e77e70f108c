import Domain
import Notary

/// The notary's state as JSON.
enum NotaryDescription {
  static func json(_ status: NotaryStatus) -> JSON {
    .object([
      "origin": .text(status.origin), "verifier_key": .text(status.verifierKey),
      "position": .integer(status.position), "signed_at": status.signedAt.map { .text($0.description) },
      "lag_positions": .integer(max(0, status.head - status.position)),
      "cosignatures": .integer(status.cosignatures), "cosigned_position": .integer(status.cosignedPosition),
      "halt": status.halt.map(json),
    ])
  }

  private static func json(_ halt: Halt) -> JSON {
    .object([
      "halt": .integer(Int64(halt.number)), "kind": .text(halt.kind.rawValue), "detail": .text(halt.detail),
      "stops_appends": .boolean(halt.kind.stopsAppends), "position": .integer(halt.position),
      "signed_position": .integer(halt.signedPosition), "log_position": .integer(halt.logPosition),
      "since": .text(halt.haltedAt.description),
    ])
  }
}

import Crypto
import Domain
import Foundation
import Postgres

/// The hashes of a log once more, from its rows alone and as the design words them, sharing no code with the ledger's but the
/// canonical form and SHA-256.
enum LogOracle {
  /// The leaves of a ledger's tree, in order.
  static func leaves(_ settings: ConnectionSettings, ledger: String = "main") async throws -> [[UInt8]] {
    try await offTheCooperativePool {
      let connection = try Connection(settings)
      defer { connection.close() }
      let rows = try connection.execute(
        """
        SELECT jsonb_build_object('actor', actor, 'actorkind', actor_kind, 'causationid', causation_id,
            'correlationid', correlation_id, 'id', id, 'ledger', ledger_id, 'position', position,
            'recordedtime', to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            'sequence', sequence, 'source', source, 'subject', subject,
            'time', to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            'traceparent', traceparent, 'type', type, 'typeversion', type_version)::text,
          data::text, derived::text, personal::text, salt
        FROM daybook.events WHERE ledger_id = $1 ORDER BY position
        """, [.text(ledger)])
      return try (0..<rows.count).map { row in
        var entry = try JSON(parsing: Array(rows.string(row, 0).utf8))
        for (name, value) in entry.members ?? [:] where value == .null { entry[name.string] = nil }
        entry["payloadhash"] = .text(
          Hex.string(
            try payload(
              data: rows.string(row, 1), derived: rows.optionalString(row, 2),
              personal: rows.optionalString(row, 3), salt: rows.optionalBytes(row, 4))))
        return SHA256Digest.hash([0] + entry.canonical)
      }
    }
  }

  private static func payload(data: String, derived: String?, personal: String?, salt: [UInt8]?) throws -> [UInt8] {
    let personalHash = try personal.map { text in
      SHA256Digest.hash((salt ?? []) + (try JSON(parsing: Array(text.utf8))).canonical)
    }
    let payload = JSON.object([
      "data": try JSON(parsing: Array(data.utf8)), "derived": try derived.map { try JSON(parsing: Array($0.utf8)) },
      "personalhash": personalHash.map { .text(Hex.string($0)) },
    ])
    return SHA256Digest.hash(payload.canonical)
  }

  /// The tree's root as RFC 6962, section 2.1, defines it: by halves at the largest power of two below the size.
  static func root(_ leaves: ArraySlice<[UInt8]>) -> [UInt8] {
    guard leaves.count > 1 else { return leaves.first ?? SHA256Digest.hash([]) }
    var half = 1
    while half * 2 < leaves.count { half *= 2 }
    return SHA256Digest.hash([1] + root(leaves.prefix(half)) + root(leaves.dropFirst(half)))
  }
}

import Domain

/// Why a key that is known may not do what it asks for.
struct AccessRefusal: Error, Sendable, Equatable {
  /// What was lacking.
  enum Reason: Sendable, Equatable {
    /// None of the key's roles may; having one of these would suffice.
    case role(needed: Set<Role>)
    /// The key's kind may not, whatever its roles; one of these would.
    case kind(needed: Set<ActorKind>)
    /// The key does not reach the ledger.
    case ledger
    /// The event's `source` does not begin with a prefix that the key is allowed.
    case source
    /// Events of the type are written by commands alone.
    case commandOnly
    /// The control state refused the caller, for this slug and these words.
    case ledgerSaid(String, String)
  }

  /// What was asked for: an endpoint's `operationID`.
  let operation: String
  /// What was lacking.
  let reason: Reason
  /// The event's type, where an append was refused.
  var eventType: String?
  /// The event's place in its batch, where an append was refused.
  var index: Int?

  /// Stable slug of the problem type; the status is 403.
  var code: String {
    switch reason {
    case .role: "role-required"
    case .kind(let needed): needed.contains(.service) ? "agent-may-not-loosen" : "human-required"
    case .ledger: "ledger-not-in-scope"
    case .source: "source-not-allowed"
    case .commandOnly: "command-only"
    case .ledgerSaid(let code, _): code
    }
  }

  /// For people.
  var detail: String {
    let what = eventType.map { "\(operation) of \($0)" } ?? operation
    return switch reason {
    case .role(let needed):
      "\(what) needs one of the roles \(needed.sorted().map(\.rawValue).joined(separator: ", "))."
    case .kind(let needed):
      "\(what) needs a key of kind \(needed.map(\.rawValue).sorted().joined(separator: " or "))."
    case .ledger: "The key does not reach this ledger."
    case .source: "The key may not append under this source."
    case .commandOnly: "Events of type \(eventType ?? "this type") are written by commands alone."
    case .ledgerSaid(_, let detail): detail
    }
  }
}

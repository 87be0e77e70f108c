import Control
import Domain

/// A key that was recognised, with its limits.
struct AuthenticatedKey: Sendable, Equatable {
  /// Who asks.
  let principal: Principal
  /// Ledgers it reaches; `*` stands for all.
  let ledgers: [String]
  /// Prefixes of `source` that it may append under; empty: any.
  let sources: [String]

  /// - Parameter owner: the accountable owner; nil where it is not known.
  init(_ record: KeyRecord, of owner: Owner?) {
    let isUnreviewed = record.isUnreviewed || owner?.isUnreviewed == true
    principal = Principal(
      key: record.id, kind: record.kind, owner: record.owner, roles: record.roles,
      since: isUnreviewed ? .latest : max(record.since, owner?.addedAt ?? record.since))
    ledgers = record.ledgers
    sources = record.sources
  }

  /// True where the key reaches a ledger.
  func reaches(_ ledger: String) -> Bool { ledgers.contains("*") || ledgers.contains(ledger) }

  /// True where the key may append events of this source.
  func mayUse(source: String) -> Bool {
    sources.isEmpty || sources.contains { source.utf8.starts(with: $0.utf8) }
  }

  /// Checks that a key to be issued reaches no further than this one: nobody hands on what they do not have.
  func checkIssue(ledgers: [String], sources: [String]) throws(AccessRefusal) {
    guard ledgers.allSatisfy(reaches) else { throw AccessRefusal(operation: "issueKey", reason: .ledger) }
    guard self.sources.isEmpty || !sources.isEmpty && sources.allSatisfy({ mayUse(source: $0) }) else {
      throw AccessRefusal(operation: "issueKey", reason: .source)
    }
  }

  /// Checks a request: the ledger in its path, then kind and roles.
  func check(_ endpoint: EndpointAccess, ledger: String?) throws(AccessRefusal) {
    if endpoint.reach == .ledger {
      guard let ledger, reaches(ledger) else {
        throw AccessRefusal(operation: endpoint.operationID, reason: .ledger)
      }
    }
    try AccessTable.check(endpoint, principal)
  }

  /// Checks one event of an append: who may append its type, then its source.
  func checkAppend(type: String, source: String, index: Int? = nil) throws(AccessRefusal) {
    try AccessTable.checkAppend(of: type, principal, index: index)
    guard mayUse(source: source) else {
      throw AccessRefusal(operation: "appendEvents", reason: .source, eventType: type, index: index)
    }
  }
}

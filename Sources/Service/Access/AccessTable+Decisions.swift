import Domain

extension AccessTable {
  /// Checks a key's kind and roles against an endpoint's row; its ledgers are checked apart.
  static func check(_ endpoint: EndpointAccess, _ principal: Principal) throws(AccessRefusal) {
    guard endpoint.reach != .open else { return }
    try check(endpoint.roles, endpoint.kinds, principal, operation: endpoint.operationID)
  }

  /// Checks who may append a type. What the catalogue does not know passes: validation names it.
  static func checkAppend(
    of type: String, _ principal: Principal, index: Int? = nil
  ) throws(AccessRefusal) {
    guard let row = append(of: type) else {
      guard commandOnlyTypes.contains(type) else { return }
      throw AccessRefusal(operation: "appendEvents", reason: .commandOnly, eventType: type, index: index)
    }
    try check(row.roles, row.kinds, principal, operation: "appendEvents", type: type, index: index)
  }

  private static func check(
    _ roles: Set<Role>, _ kinds: Set<ActorKind>, _ principal: Principal, operation: String, type: String? = nil,
    index: Int? = nil
  ) throws(AccessRefusal) {
    guard kinds.contains(principal.kind) else {
      throw AccessRefusal(operation: operation, reason: .kind(needed: kinds), eventType: type, index: index)
    }
    guard !roles.isDisjoint(with: principal.roles) else {
      throw AccessRefusal(operation: operation, reason: .role(needed: roles), eventType: type, index: index)
    }
  }
}

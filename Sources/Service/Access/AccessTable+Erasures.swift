import Domain

extension AccessTable {
  private static let ledger = "/v1/ledgers/{ledger}"

  /// Erasures and holds.
  static let erasureEndpoints: [EndpointAccess] = [
    .init(
      "eraseData", "POST", ledger + "/erasures", .ledger, roles: [.admin], kinds: people, request: [.json],
      "Ask to erase what events hold of persons, for good.",
      "By one of subject, user and positions. Always 202: another owner's grant erases, in the same commit. Money, counts, "
        + "digests and proofs stay. Refused while a hold matches: 409 erasure-held."),
    .init(
      "listErasures", "GET", ledger + "/erasures", .ledger, roles: [.admin, .auditor, .approver, .operator],
      "What was erased, the newest first.", "carried_out is true once nothing of it is left in the database's tables."
    ),
    .init(
      "placeHold", "POST", ledger + "/holds", .ledger, roles: [.auditor, .admin], kinds: people, request: [.json],
      "Place a hold: while it stands, no event that it matches is erased.",
      "It matches events that fit all that it names of subject, user, from and until; without any, the whole ledger."),
    .init(
      "listHolds", "GET", ledger + "/holds", .ledger, roles: [.admin, .auditor, .approver, .operator],
      "The holds that stand."),
    .init(
      "releaseHold", "POST", ledger + "/holds/{hold}/release", .ledger, roles: [.auditor, .admin], kinds: people,
      request: [.json], "Release a hold.", "Through an approval: another owner's grant releases it."),
  ]
}

import Domain

extension AccessTable {
  private static let ledger = "/v1/ledgers/{ledger}"

  static let approvalEndpoints: [EndpointAccess] = [
    .init(
      "listApprovals", "GET", ledger + "/approvals", .ledger, roles: approvalReaders,
      "Approvals, the open ones in queue order.", "Those that were closed long ago stand in the book approval_queue."),
    .init(
      "readApproval", "GET", ledger + "/approvals/{approval}", .ledger, roles: approvalReaders, "One approval."),
    .init(
      "requestApproval", "POST", ledger + "/approvals", .ledger, roles: approvalRequesters, request: [.json],
      "Ask for an approval of an exact change.",
      "A change that the ledger can make, {change, subject?, sequence?, body}, is made by the last grant, in the same commit."
    ),
    .init(
      "requestStanding", "POST", ledger + "/approvals/standing", .ledger, roles: [.operator, .admin], kinds: people,
      request: [.json], "Ask for a standing approval: leave to decide until an end and up to a ceiling."),
    decision(
      "grantApproval", "grant", roles: [.approver], "Grant an approval.", "By another owner than the one who asked."),
    decision(
      "rejectApproval", "reject", roles: [.approver], "Reject an approval.",
      "By another owner than the one who asked."),
    decision(
      "revokeApproval", "revoke", roles: [.approver, .operator, .admin], "Take a grant back before it is used up."),
    .init(
      "withdrawApproval", "POST", ledger + "/approvals/{approval}/withdraw", .ledger, roles: approvalRequesters,
      request: [.json], "Withdraw one's own request."),
    .init(
      "listBreakGlass", "GET", ledger + "/break-glass", .ledger, roles: approvalReaders,
      "Changes that an admin made alone and no other owner has reviewed yet."),
    .init(
      "reviewBreakGlass", "POST", ledger + "/break-glass/{id}/review", .ledger, roles: [.approver, .admin],
      kinds: people, request: [.json], "Review a change that an admin made alone.",
      "By another owner, who was there before it was made."),
  ]

  static let recommendationEndpoints: [EndpointAccess] = [
    .init(
      "listRecommendations", "GET", ledger + "/recommendations", .ledger, roles: approvalReaders,
      "Recommendations that wait for a person."),
    .init(
      "makeRecommendation", "POST", ledger + "/recommendations", .ledger, roles: [.service, .agent, .operator],
      request: [.json], "Recommend a change of a route or of a model.",
      "Agents only while the toggle helix_can_recommend_optimizations is on."),
    .init(
      "acceptRecommendation", "POST", ledger + "/recommendations/{recommendation}/accept", .ledger,
      roles: [.approver], kinds: people, request: [.json], "Accept a recommendation.",
      "Through an approval: another owner's grant makes the change."),
    .init(
      "dismissRecommendation", "POST", ledger + "/recommendations/{recommendation}/dismiss", .ledger,
      roles: [.approver, .operator], kinds: people, request: [.json], "Dismiss a recommendation."),
  ]

  private static func decision(
    _ operation: String, _ deed: String, roles: Set<Role>, _ summary: String, _ description: String = ""
  ) -> EndpointAccess {
    .init(
      operation, "POST", ledger + "/approvals/{approval}/\(deed)", .ledger, roles: roles, kinds: people,
      request: [.json], summary, description)
  }
}

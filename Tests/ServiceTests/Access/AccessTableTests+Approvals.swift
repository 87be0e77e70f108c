import Domain

extension AccessTableTests {
  /// Approvals, glass that was broken, recommendations and rotation, by hand as the rest.
  static let approvalsByRole: [Role: String] = [
    .service: "listBreakGlass listRecommendations makeRecommendation rotateKey",
    .agent: "listBreakGlass listRecommendations makeRecommendation rotateKey",
    .importer: "rotateKey",
    .finance: "listBreakGlass listRecommendations rotateKey",
    .approver: """
    revokeApproval listBreakGlass reviewBreakGlass listRecommendations acceptRecommendation dismissRecommendation rotateKey
    """,
    .auditor: "listBreakGlass listRecommendations rotateKey",
    .operator: """
    requestStanding revokeApproval listBreakGlass listRecommendations makeRecommendation dismissRecommendation rotateKey
    """,
    .admin: "requestStanding revokeApproval listBreakGlass reviewBreakGlass listRecommendations rotateKey",
  ]

  static let approvalsPeopleOnly: Set<String> = [
    "requestStanding", "revokeApproval", "reviewBreakGlass", "acceptRecommendation", "dismissRecommendation",
    "rotateKey",
  ]
}

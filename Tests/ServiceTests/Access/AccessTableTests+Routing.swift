import Domain

extension AccessTableTests {
  /// What each role may of decisions and of what they go by, besides what every role may read.
  static let routingByRole: [Role: String] = [
    .service: "decideRoute readDecision enforceToggle recordEvaluation",
    .agent: "decideRoute readDecision configureRoute configureModel changeToggle configurePolicy enforceToggle",
    .auditor: "readDecision",
    .operator: """
    decideRoute readDecision configureRoute configureModel changeToggle configurePolicy enforceToggle recordEvaluation
    """,
    .admin: "readDecision configureRoute configureModel changeToggle configurePolicy enforceToggle",
  ]

  /// What every role may read.
  static let routingForAll = "listRoutes readRoute listModels listToggles readToggle readPolicy listEvaluations"
}

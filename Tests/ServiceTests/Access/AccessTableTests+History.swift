import Domain

extension AccessTableTests {
  /// Who may look behind numbers, and at what the rules knew.
  static let historyByRole: [Role: String] = [
    .finance: "diffBook explainBook", .auditor: "diffBook explainBook readControl",
    .operator: "diffBook explainBook readControl", .admin: "diffBook explainBook readControl",
  ]
}

import Domain

extension AccessTableTests {
  static let financeByRole: [Role: String] = [
    .finance: """
    restateEntry listPeriods closePeriod reopenPeriod listRate recordDifference listRerates proposeRerate
    """,
    .auditor: "listPeriods listRerates",
    .operator: "listPeriods listRerates",
    .approver: "listPeriods listRerates",
    .admin: "listPeriods listRerates",
  ]

  static let financePeopleOnly: Set<String> = ["closePeriod", "reopenPeriod", "proposeRerate"]
  static let financeNeverAgents: Set<String> = ["restateEntry", "listRate", "recordDifference"]
}

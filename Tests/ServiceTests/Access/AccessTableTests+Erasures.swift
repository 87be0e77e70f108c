import Domain

extension AccessTableTests {
  static let erasuresByRole: [Role: String] = [
    .admin: "eraseData listErasures placeHold listHolds releaseHold",
    .auditor: "listErasures placeHold listHolds releaseHold", .approver: "listErasures listHolds",
    .operator: "listErasures listHolds",
  ]

  static let erasuresPeopleOnly: Set<String> = ["eraseData", "placeHold", "releaseHold"]
}

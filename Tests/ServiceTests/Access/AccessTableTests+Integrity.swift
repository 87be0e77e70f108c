import Domain

extension AccessTableTests {
  /// What proves the log: for those who answer for it.
  static let proofsByRole: [Role: String] = [
    .auditor: proofs, .finance: proofs, .operator: proofs, .admin: proofs,
  ]
  private static let proofs = "readCheckpoint proveInclusion proveConsistency readReceipt readEntries readTile"
}

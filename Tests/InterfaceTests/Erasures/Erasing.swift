import Domain

extension Interface {
  /// The key of a second owner, who may grant.
  func secondOwner() async throws -> String {
    try await addOwner("second")
    return try await issueKey(owner: "second", kind: "human", roles: ["approver", "auditor"]).text
  }

  /// Asks for an erasure by one selector.
  func askToErase(
    _ selector: KeyValuePairs<String, JSON?>, key: String? = "admin", idempotencyKey: String? = nil
  ) async throws -> Answer {
    var body = JSON.object(["reason": .text("asked for"), "legal_basis": .text("GDPR Art. 17(1)(b)")])
    for (name, value) in selector { body[name] = value }
    return try await command("erasures", body, key: key, idempotencyKey: idempotencyKey)
  }

  /// Erases, by two owners; answers what the grant answered.
  @discardableResult
  func erase(_ selector: KeyValuePairs<String, JSON?>, grantedBy second: String) async throws -> Answer {
    let asked = try await askToErase(selector)
    guard asked.status == 202, let approval = asked.json["approval"]?["approval"]?.string else {
      throw Failure(description: "nobody was asked: \(asked.text)")
    }
    let granted = try await grant(approval, key: second, in: "main")
    guard granted.status == 200 else { throw Failure(description: granted.text) }
    return granted
  }
}

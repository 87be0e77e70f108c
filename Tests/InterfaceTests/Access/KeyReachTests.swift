import Domain
import Testing

/// An admin's key that reaches one ledger, or one source, once issued itself a key that reaches all.
@Suite struct KeyReachTests {
  @Test func nobodyIssuesAKeyThatReachesFurtherThanTheirs() async throws {
    try await withInterface { interface in
      let admin = try await interface.issueKey(
        kind: "human", roles: ["admin"], ledgers: ["main"], sources: ["/gateway/"])
      #expect(try await Self.issue(["*"], ["/gateway/eu"], interface, admin.text) == "403 ledger-not-in-scope")
      #expect(
        try await Self.issue(["main", "system"], ["/gateway/"], interface, admin.text) == "403 ledger-not-in-scope")
      #expect(try await Self.issue(["main"], nil, interface, admin.text) == "403 source-not-allowed")
      #expect(try await Self.issue(["main"], ["/gateway/", "/"], interface, admin.text) == "403 source-not-allowed")
      #expect(try await Self.issue(["main"], ["/gateway/eu"], interface, admin.text) == "200 ")
    }
  }

  private static func issue(
    _ ledgers: [String], _ sources: [String]?, _ interface: Interface, _ key: String
  ) async throws -> String {
    let answer = try await interface.send(
      "POST", "/v1/keys",
      .object([
        "kind": .text("service"), "owner": .text("first-owner"), "roles": .array([.text("service")]),
        "ledgers": .array(ledgers.map { .text($0) }), "sources": sources.map { .array($0.map { .text($0) }) },
      ]), key: key)
    return "\(answer.status) \((answer.json["type"]?.string ?? "").split(separator: "/").last ?? "")"
  }
}

import Domain
import Postgres
import Testing

/// Who may erase and hold, and what is refused.
@Suite struct ErasureRightsTests {
  private static func call(_ interface: Interface, _ id: String, _ user: String) async throws {
    let answer = try await interface.append([Sample.completion(id, data: ["user": .text(user)])])
    guard answer.status == 200 else { throw Failure(description: answer.text) }
  }

  private static func hold(
    _ interface: Interface, _ id: String, key: String? = "admin", _ members: KeyValuePairs<String, JSON?> = [:]
  ) async throws -> Answer {
    var body = JSON.object(["hold": .text(id), "reason": .text("litigation")])
    for (name, value) in members { body[name] = value }
    return try await interface.command("holds", body, key: key)
  }

  @Test func onlyAPersonWhoMayAsksAndOnlyAnotherOwnerGrants() async throws {
    try await withInterface { interface in
      try await Self.call(interface, "c-1", "ann")
      let second = try await interface.secondOwner()
      let selector: KeyValuePairs<String, JSON?> = ["user": .text("ann")]
      let agent = try await interface.issueKey(kind: "agent", roles: ["agent"]).text
      let service = try await interface.issueKey(kind: "service", roles: ["service"]).text
      #expect(try await interface.askToErase(selector, key: agent).problem == "human-required")
      #expect(try await interface.askToErase(selector, key: service).problem == "human-required")
      #expect(try await interface.askToErase(selector, key: second).problem == "role-required")
      let alone: KeyValuePairs<String, JSON?> = [
        "user": .text("ann"), "break_glass": .object(["reason": .text("nobody is here")]),
      ]
      #expect(try await interface.askToErase(alone).problem == "second-owner-required")
      let asked = try await interface.askToErase(selector, idempotencyKey: "k")
      #expect(asked.status == 202 && !asked.text.contains("\"ann\""))
      let id = try #require(asked.json["approval"]?["approval"]?.string)
      // Whoever grants sees whom.
      let shown = try await interface.send("GET", "/v1/ledgers/main/approvals/\(id)", key: second)
      #expect(shown.json["approval"]?["person"] == .text("ann"), "\(shown.text)")
      #expect(try await interface.grant(id, key: interface.admin, in: "main").problem == "same-owner")
      #expect(try await interface.grant(id, key: agent, in: "main").problem == "human-required")
      // The same request is asked once, for the same person only.
      let again = try await interface.askToErase(selector, idempotencyKey: "k")
      #expect(again.json["approval"]?["approval"]?.string == id)
      try await Self.call(interface, "c-2", "bea")
      let other = try await interface.askToErase(["user": .text("bea")], idempotencyKey: "k")
      #expect(other.status == 409 && other.problem == "identity-conflict", "\(other.text)")
      #expect(try await interface.grant(id, key: second, in: "main").status == 200)
      // Nobody writes an erasure by appending one.
      let forged = try await interface.append([
        Sample.event(
          "f", type: "payload.erased", subject: "erasure/f", data: .object(["positions": .array([.integer(1)])]))
      ])
      #expect(forged.problem == "command-only")
    }
  }

  @Test func requestsThatSayTooLittleOrTooMuchAreRefusedWithTheirPlace() async throws {
    try await withInterface { interface in
      let bad: [(KeyValuePairs<String, JSON?>, String)] = [
        ([:], "/user"), (["user": .text("a"), "subject": .text("call/1")], "/user"),
        (["subject": .text("call/1"), "kind": .text("user")], "/kind"),
        (["user": .text("a"), "kind": .text("team")], "/kind"),
        (["positions": .array([])], "/positions"), (["positions": .array([.integer(0)])], "/positions/0"),
        (["user": .text("a"), "legal_basis": nil], "/legal_basis"),
        (["user": .text("a"), "reason": .text("")], "/reason"),
        (["user": .text("a"), "before": .text("soon")], "/before"),
        (["user": .text("a"), "person": .text("p")], "/person"),
        (["user": .text("a"), "erasure": .text("mine")], "/erasure"),
      ]
      for (selector, pointer) in bad {
        let answer = try await interface.askToErase(selector)
        let pointers = (answer.json["errors"]?.elements ?? []).compactMap { $0["pointer"]?.string }
        #expect(answer.status == 422 && pointers == [pointer], "\(answer.text)")
      }
      #expect(try await interface.askToErase(["user": .text("nobody")]).problem == "nothing-to-erase")
      // What is refused leaves no trace, not even of the name.
      let settings = interface.settings
      let known = try await offTheCooperativePool {
        let connection = try Connection(settings)
        defer { connection.close() }
        return try connection.execute("SELECT count(*) FROM daybook.persons").int64(0, 0)
      }
      #expect(known == 0)
    }
  }

  @Test func whileAHoldMatchesNothingIsErasedAndTheRefusalNamesIt() async throws {
    try await withInterface { interface in
      let second = try await interface.secondOwner()
      try await Self.call(interface, "c-1", "ann")
      try await Self.call(interface, "c-2", "bea")
      let asked = try await interface.askToErase(["user": .text("ann")])
      let waiting = try #require(asked.json["approval"]?["approval"]?.string)
      let service = try await interface.issueKey(kind: "service", roles: ["service"]).text
      #expect(try await Self.hold(interface, "h", key: service).problem == "human-required")
      // An auditor places one alone.
      let placed = try await Self.hold(interface, "case-17", key: second, ["user": .text("ann")])
      #expect(placed.status == 200, "\(placed.text)")
      let listed = try await interface.send("GET", "/v1/ledgers/main/holds").json["holds"]?.elements
      #expect(listed?.count == 1 && listed?[0]["user"] == .text("ann") && listed?[0]["owner"] == .text("second"))
      let refused = try await interface.grant(waiting, key: second, in: "main")
      #expect(refused.status == 409 && refused.text.contains("case-17"), "\(refused.text)")
      let again = try await interface.askToErase(["user": .text("ann")])
      #expect(again.problem == "erasure-held" && again.text.contains("case-17"), "\(again.text)")
      #expect(try await interface.askToErase(["subject": .text("call/c-1")]).problem == "erasure-held")
      try await interface.erase(["user": .text("bea")], grantedBy: second)
      // It is released by two.
      let release = try await interface.command(
        "holds/case-17/release", .object(["reason": .text("settled")]))
      #expect(release.status == 202, "\(release.text)")
      let id = try #require(release.json["approval"]?["approval"]?.string)
      #expect(try await interface.askToErase(["user": .text("ann")]).problem == "erasure-held")
      #expect(try await interface.grant(id, key: second, in: "main").status == 200)
      #expect(try await interface.grant(waiting, key: second, in: "main").status == 200)
      // A hold on everything.
      try await Self.call(interface, "c-3", "cid")
      #expect(try await Self.hold(interface, "all").status == 200)
      let all = try await interface.askToErase(["user": .text("cid")])
      #expect(all.problem == "erasure-held")
    }
  }
}

import Domain
import Foundation
import Testing

/// The life of an approval over HTTP, between owners.
@Suite struct ApprovalTests {
  /// A requester and two approvers of other owners.
  private struct People: Sendable {
    let interface: Interface
    let service: String
    let second: String
    let third: String

    init(_ interface: Interface) async throws {
      self.interface = interface
      try await interface.addOwner("second")
      try await interface.addOwner("third")
      service = try await interface.issueKey(kind: "service", roles: ["service"]).text
      second = try await interface.issueKey(owner: "second", kind: "human", roles: ["approver", "service"]).text
      third = try await interface.issueKey(owner: "third", kind: "human", roles: ["approver"], grantedBy: second).text
    }

    func request(_ kind: String = "model_switch", more: KeyValuePairs<String, JSON?> = [:]) async throws -> String {
      var body = JSON.object([
        "kind": .text(kind), "change": .object(["model": .text("a"), "operation": .text("chat_message")]),
        "reason_code": .text("quality"),
      ])
      for (name, value) in more { body[name] = value }
      let answer = try await interface.command("approvals", body, key: service)
      guard let id = answer.json["approval"]?.string else { throw Failure(description: answer.text) }
      return id
    }

    func decide(_ id: String, _ deed: String, _ key: String) async throws -> Answer {
      try await interface.command("approvals/\(id)/\(deed)", .object(["reason": .text("because")]), key: key)
    }

    func approval(_ id: String) async throws -> JSON {
      try await interface.send("GET", "/v1/ledgers/main/approvals/\(id)").json["approval"] ?? .null
    }
  }

  @Test func anotherOwnerGrantsOnceAndTheRequestersOwnerNever() async throws {
    try await withInterface { interface in
      let people = try await People(interface)
      let id = try await people.request()
      #expect(try await people.approval(id)["state"] == .text("requested"))
      #expect(try await people.approval(id)["risk"] == .text("medium"))
      // The admin key has the role, and the same owner as the service that asked.
      let own = try await people.decide(id, "grant", interface.admin)
      #expect(own.status == 403)
      #expect(own.problem == "same-owner")
      #expect(try await people.decide(id, "reject", interface.admin).problem == "same-owner")
      let granted = try await people.decide(id, "grant", people.second)
      #expect(granted.status == 200)
      #expect(granted.json["approval"] == .text(id))
      for deed in ["grant", "reject"] {
        let late = try await people.decide(id, deed, people.third)
        #expect(late.status == 409)
        #expect(late.problem == "approval-not-open")
      }
      #expect(try await people.decide(id, "withdraw", people.service).problem == "approval-not-open")
      let approval = try await people.approval(id)
      #expect(approval["state"] == .text("granted"))
      #expect(approval["grants"]?.elements?.map { $0["owner"] } == [.text("second")])
      let listed = try await interface.send("GET", "/v1/ledgers/main/approvals?status=granted")
      #expect(listed.json["approvals"]?.elements?.map { $0["approval"] } == [.text(id)])
    }
  }

  @Test func rejectionsAndWithdrawalsEndARequest() async throws {
    try await withInterface { interface in
      let people = try await People(interface)
      let rejected = try await people.request()
      #expect(try await people.decide(rejected, "reject", people.second).status == 200)
      #expect(try await people.approval(rejected)["state"] == .text("rejected"))
      let withdrawn = try await people.request()
      #expect(try await people.decide(withdrawn, "withdraw", people.second).problem == "not-the-requester")
      #expect(try await people.decide(withdrawn, "withdraw", people.service).status == 200)
      #expect(try await people.approval(withdrawn)["state"] == .text("withdrawn"))
      for id in [rejected, withdrawn] {
        #expect(try await people.decide(id, "grant", people.third).problem == "approval-not-open")
      }
      let open = try await interface.send("GET", "/v1/ledgers/main/approvals?status=requested")
      #expect(open.json["approvals"] == .array([]))
    }
  }

  @Test func highRiskNeedsTwoOwnersAndEvidence() async throws {
    try await withInterface { interface in
      let people = try await People(interface)
      let evidence = JSON.array([.object(["kind": .text("report"), "title": .text("t"), "text": .text("e")])])
      let id = try await people.request("loosening", more: ["evidence": evidence])
      #expect(try await people.approval(id)["quorum"] == .integer(2))
      #expect(try await people.decide(id, "grant", people.second).status == 200)
      #expect(try await people.approval(id)["state"] == .text("requested"))
      // A quorum counts owners, not keys.
      let other = try await interface.issueKey(
        owner: "second", kind: "human", roles: ["approver"], grantedBy: people.third)
      #expect(try await people.decide(id, "grant", other.text).problem == "already-granted-by-owner")
      #expect(try await people.decide(id, "grant", people.third).status == 200)
      #expect(try await people.approval(id)["state"] == .text("granted"))
    }
  }

  /// Requests ended only by the writer's regular look, which does not come while somebody else keeps it fresh: whoever asked for
  /// the queue more often than five times a second saw a request open for ever.
  @Test func nobodyDecidesAfterTheEndOfARequest() async throws {
    try await withInterface(Setup(posts: true)) { interface in
      let people = try await People(interface)
      let end = Timestamp(microseconds: Int64((Date().timeIntervalSince1970 + 3) * 1_000_000))
      let id = try await people.request(more: ["expires_at": .text(end.description)])
      let isExpired = await eventually {
        (try? await people.approval(id)["state"]) == .text("expired")
      }
      #expect(isExpired)
      // Nor is it open at a moment after its end.
      #expect(Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000)) >= end)
      #expect(try await people.decide(id, "grant", people.second).problem == "approval-not-open")
      // It ended by an event, which nobody had to cause.
      let events = try await interface.send("GET", "/v1/ledgers/main/events?subject=approval/\(id)")
      let types = events.json["records"]?.elements?.map { $0["event"]?["type"]?.string ?? "" }
      #expect(types == ["approval.requested", "approval.expired"])
      let head = try await interface.head()
      let queue = try await interface.send(
        "GET", "/v1/ledgers/main/books/approval_queue/history?min_position=\(head)")
      #expect(queue.rows.count { $0["state"] == .text("expired") } == 1, "\(queue.text)")
    }
  }

  @Test func thirtyGrantsAtOnceGrantOnce() async throws {
    try await withInterface { interface in
      let people = try await People(interface)
      let id = try await people.request()
      let answers = try await interface.crowd(30) { number in
        try await people.decide(id, "grant", number % 2 == 0 ? people.second : people.third)
      }
      #expect(answers.count { $0.status == 200 } == 1)
      #expect(answers.count { $0.problem == "approval-not-open" } == 29)
    }
  }
}

import Domain
import Foundation
import Postgres
import Testing

/// A person is erased everywhere a name can stand, and nothing else changes.
@Suite struct ErasureDrillTests {
  private static let name = "alice.liddell"

  private static func call(_ id: String, _ user: String) -> JSON {
    Sample.completion(
      id,
      data: [
        "user": .text(user), "session": .text("\(user)/chat"), "response_id": .text("r-\(user)"),
        "tags": .object(["who": .text(user)]), "raw_usage": .object(["user": .text(user)]), "team": .text("blue"),
      ])
  }

  /// Writes a person's name wherever one can be written; answers the approval whose evidence has it.
  private static func fill(_ interface: Interface) async throws -> String {
    try await interface.list([
      Sample.price("deepseek", "input_tokens", "3"), Sample.price("deepseek", "output_tokens", "9"),
    ])
    for number in 0..<20 {
      let user = number % 2 == 0 ? name : "bob"
      #expect(try await interface.append([call("c-\(number)", user)]).status == 200)
    }
    let note = JSON.object(["n": .integer(1), "personal": .object(["name": .text(name)])])
    let revenue = JSON.object([
      "revenue": Sample.money("12.5"), "strategy": .text("s"), "customer": .text(name),
      "earned_at": .text("2026-01-05T00:00:00Z"),
    ])
    #expect(
      try await interface.append([
        Sample.event("note", type: "x.note", subject: "note/1", data: note),
        Sample.event("revenue", type: "revenue.earned", subject: "revenue/1", data: revenue),
      ]).status == 200)
    let decision = try await interface.command(
      "decisions", .object(["id": .text("d-1"), "operation": .text("chat_message"), "user": .text(name)]))
    #expect(decision.status == 200, "\(decision.text)")
    #expect(try await interface.killSwitch("activate", "user/\(name)").status == 200)
    let budget = try await interface.send(
      "PUT", "/v1/ledgers/main/budgets/hers",
      .object(["scope": .text("user/\(name)"), "window": .text("day"), "limit": Sample.money("50")]))
    #expect(budget.status == 200, "\(budget.text)")
    let evidence = JSON.array([
      .object([
        "kind": .text("mail"), "title": .text("a mail"), "text": .text("\(name) wrote"), "uri": .text("m:\(name)"),
      ])
    ])
    let asked = try await interface.command(
      "approvals",
      .object([
        "kind": .text("action"), "change": .object(["do": .text("it")]), "reason_code": .text("test"),
        "evidence": evidence,
      ]))
    return try #require(asked.json["approval"]?.string, "\(asked.text)")
  }

  private static func dump(_ interface: Interface) async throws -> String {
    let dump = try await Program.run("/usr/bin/env", ["pg_dump", interface.settings.url])
    #expect(dump.status == 0 && dump.output.contains("COPY daybook.events"), "\(dump.output.suffix(500))")
    return dump.output
  }

  private static func rows(_ interface: Interface, _ query: String) async throws -> [JSON] {
    let head = try await interface.head()
    let join = query.contains("?") ? "&" : "?"
    let answer = try await interface.send("GET", "/v1/ledgers/main/books/\(query)\(join)min_position=\(head)")
    #expect(answer.status == 200, "\(answer.text)")
    return answer.rows
  }

  private static func daybook(_ interface: Interface, _ arguments: [String], _ folder: Folder) async throws -> String
  {
    let run = try await Program.run(
      arguments,
      environment: ["DAYBOOK_DATABASE_URL": interface.settings.url, "DAYBOOK_DATA": folder.path + "/data"])
    #expect(run.status == 0, "\(arguments): \(run.output)")
    return run.output
  }

  @Test func aPersonIsGoneFromTablesBooksAnswersArchivesAndExportsAndNothingElseChanged() async throws {
    try await withInterface(Setup(posts: true)) { interface in
      let folder = try Folder()
      let second = try await interface.secondOwner()
      let approval = try await Self.fill(interface)
      let receipt = try await interface.append([Sample.event("last", subject: "note/9")])
      let head = try #require(receipt.json["head"])
      let archive = folder.path + "/archive"
      _ = try await Self.daybook(interface, ["archive", "--to", archive], folder)
      let queries = ["daily_spend", "daily_spend/by_team", "model_pnl", "route_health"]
      var before: [[JSON]] = []
      for query in queries { before.append(try await Self.rows(interface, query)) }
      #expect(try await Self.dump(interface).contains(Self.name))
      #expect(try await Self.rows(interface, "daily_spend/by_user?user=\(Self.name)").count == 1)
      #expect(try await interface.send("GET", "/v1/ledgers/main/kill-switches").text.contains(Self.name))

      let granted = try await interface.erase(["user": .text(Self.name)], grantedBy: second)
      #expect(granted.json["events"]?.elements?.count == 3)
      try await interface.erase(["user": .text(Self.name), "kind": .text("customer")], grantedBy: second)
      try await interface.erase(["subject": .text("note/1")], grantedBy: second)
      try await interface.erase(["subject": .text("approval/\(approval)")], grantedBy: second)

      // Nowhere, raw tables first.
      #expect(!(try await Self.dump(interface).contains("alice")))
      for path in [
        "events?limit=1000", "kill-switches", "budgets", "budgets/hers", "approvals", "erasures", "decisions/d-1",
      ] {
        let answer = try await interface.send("GET", "/v1/ledgers/main/\(path)")
        #expect(answer.status == 200 && !answer.text.contains("alice"), "\(path)")
      }
      #expect(try await Self.rows(interface, "daily_spend/by_user?user=\(Self.name)") == [])
      #expect(!(try await Self.daybook(interface, ["export", "--output", "-"], folder).contains("alice")))
      _ = try await Self.daybook(interface, ["archive", "--to", archive], folder)
      #expect(try await Self.daybook(interface, ["verify-export", archive], folder).contains("Verified"))
      // Money and counts as before, every proof intact, every decision as the rules make it.
      for (query, rows) in zip(queries, before) { #expect(try await Self.rows(interface, query) == rows, "\(query)") }
      let root = try #require(head["root"]?.string)
      let position = try #require(head["position"]?.integer)
      #expect(
        try await Self.daybook(interface, ["verify", "--position", "\(position)", "--root", root], folder)
          .contains("Verified"))
      _ = try await Self.daybook(interface, ["audit", "decisions"], folder)

      // The same event again is the one that was erased; a new one names somebody new.
      let again = try await interface.append([Self.call("c-0", Self.name)])
      #expect(again.json["events"]?.elements?.first?["duplicate"] == .boolean(true), "\(again.text)")
      #expect(try await interface.append([Self.call("c-new", Self.name)]).status == 200)
      let calls = try await Self.rows(interface, "daily_spend/by_user?user=\(Self.name)").first?["calls"]
      #expect(calls == .integer(1))
    }
  }

  @Test func whatWasErasedIsListedWithReasonBasisAndOwners() async throws {
    try await withInterface { interface in
      let second = try await interface.secondOwner()
      #expect(try await interface.append([Self.call("c-1", Self.name), Self.call("c-2", "bob")]).status == 200)
      let granted = try await interface.erase(["user": .text("bob")], grantedBy: second)
      let last = try #require(granted.positions.dropLast().last)
      let isDone = try await eventually {
        let listed = try await interface.send("GET", "/v1/ledgers/main/erasures").json["erasures"]?.elements ?? []
        guard let row = listed.first, row["carried_out"] == .boolean(true) else { return false }
        #expect(listed.count == 1 && row["events"] == .integer(1) && row["by"] == .text("person"))
        #expect(row["legal_basis"] == .text("GDPR Art. 17(1)(b)") && row["reason"] == .text("asked for"))
        #expect(row["owner"] == .text("second") && row["requested_by_owner"] == .text("first-owner"))
        #expect(row["position"] == .integer(last))
        return true
      }
      #expect(isDone)
      let event = try await interface.send("GET", "/v1/ledgers/main/events/\(last)").json["event"]
      #expect(event?["type"] == .text("payload.erased") && event?["data"]?["positions"]?.elements?.count == 1)
      // A moment bounds it: the person is still known by name.
      let before = try await interface.askToErase([
        "user": .text(Self.name), "before": .text("2020-01-01T00:00:00Z"),
      ])
      #expect(before.problem == "nothing-to-erase")
      try await interface.erase(
        ["user": .text(Self.name), "before": .text("2999-01-01T00:00:00Z")], grantedBy: second)
      #expect(try await interface.append([Self.call("c-3", Self.name)]).status == 200)
      let tokens = try await [1, 3].asyncMap { number -> JSON? in
        let page = try await interface.send("GET", "/v1/ledgers/main/events?subject=call/c-\(number)").json
        return page["records"]?.elements?.first?["derived"]?["persons"]?["/user"]
      }
      #expect(tokens[0] != nil && tokens[0] == tokens[1])
    }
  }
}

extension Array {
  fileprivate func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
    var values: [Value] = []
    for element in self { values.append(try await transform(element)) }
    return values
  }
}

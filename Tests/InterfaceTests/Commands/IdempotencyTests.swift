import Domain
import Testing

/// Commands that are repeated: one deed, one answer.
@Suite struct IdempotencyTests {
  @Test func theSameCommandWithTheSameKeyIsAnsweredAsBefore() async throws {
    try await withInterface { interface in
      let first = try await interface.killSwitch("activate", "global", idempotencyKey: "k-1")
      #expect(first.status == 200)
      // Members in another order and with other spaces are the same request.
      let again = try await interface.send(
        "POST", "/v1/ledgers/main/kill-switches/activate",
        bytes: Array(#"{ "scope" : "global" , "reason" : "because" }"#.utf8),
        headers: [("Content-Type", "application/json; charset=utf-8"), ("Idempotency-Key", "k-1")])
      #expect(again.status == 200, "\(again.text)")
      #expect(again.positions == first.positions)
      #expect(first.json["events"]?.elements?.map { $0["duplicate"] } == [.boolean(false)])
      #expect(again.json["events"]?.elements?.map { $0["duplicate"] } == [.boolean(true)])
      #expect(again.json["events"]?.elements?.map { $0["id"] } == [.text("k-1#1")])
    }
  }

  @Test func aKeyIsForOneRequest() async throws {
    try await withInterface { interface in
      #expect(try await interface.killSwitch("activate", "global", idempotencyKey: "k").status == 200)
      let prices = JSON.object(["prices": .array([Sample.price("m", "images", "1")])])
      let others = [
        try await interface.killSwitch("activate", "model/a", idempotencyKey: "k"),
        try await interface.killSwitch("deactivate", "global", idempotencyKey: "k"),
        try await interface.command("prices", prices, idempotencyKey: "k"),
      ]
      for answer in others {
        #expect(answer.status == 409)
        #expect(answer.problem == "identity-conflict")
      }
      // Another caller's key of the same text is another one.
      let other = try await interface.issueKey(kind: "human", roles: ["operator", "admin"]).text
      #expect(try await interface.killSwitch("deactivate", "global", key: other, idempotencyKey: "k").status == 200)
    }
  }

  @Test func aRefusalClaimsNoKey() async throws {
    try await withInterface { interface in
      let early = try await interface.killSwitch("deactivate", "global", idempotencyKey: "k")
      #expect(early.problem == "kill-switch-not-active")
      #expect(try await interface.killSwitch("activate", "global").status == 200)
      #expect(try await interface.killSwitch("deactivate", "global", idempotencyKey: "k").status == 200)
      // And what was done stays done, though the state has moved on since.
      #expect(try await interface.killSwitch("activate", "global").status == 200)
      let again = try await interface.killSwitch("deactivate", "global", idempotencyKey: "k")
      #expect(again.json["events"]?.elements?.map { $0["duplicate"] } == [.boolean(true), .boolean(true)])
      let active = try await interface.send("GET", "/v1/ledgers/main/kill-switches")
      #expect(active.json["kill_switches"]?.elements?.count == 1)
    }
  }

  @Test func thirtyAtOnceDoItOnce() async throws {
    try await withInterface { interface in
      let before = try await interface.head()
      let prices = JSON.object([
        "prices": .array([Sample.price("a", "images", "1"), Sample.price("b", "images", "2")])
      ])
      let answers = try await interface.crowd(30) { _ in
        try await interface.command("prices", prices, idempotencyKey: "k")
      }
      #expect(answers.allSatisfy { $0.status == 200 && $0.positions == [before + 1, before + 2] })
      #expect(answers.count { $0.text.contains(#""duplicate":false"#) } == 1)
      #expect(try await interface.head() == before + 2)
    }
  }

  /// A key's text is shown once; who repeats the request, as its answer was lost, learns which key it was and issues another.
  @Test func aKeyIsIssuedOnceAndItsSecretShownOnce() async throws {
    try await withInterface { interface in
      let body = JSON.object([
        "kind": .text("service"), "owner": .text("first-owner"), "roles": .array([.text("service")]),
        "ledgers": .array([.text("*")]),
      ])
      let first = try await interface.command("/v1/keys", body, idempotencyKey: "k")
      let again = try await interface.command("/v1/keys", body, idempotencyKey: "k")
      #expect(first.json["secret"]?.string?.hasPrefix("dbk_\(first.json["key"]?.string ?? "?")_") == true)
      #expect(again.json["key"] == first.json["key"])
      #expect(again.status == 200 && again.json["secret"] == nil)
      let listed = try await interface.send("GET", "/v1/keys")
      #expect(listed.json["keys"]?.elements?.count == 2)
      #expect(!listed.text.contains("secret"))
    }
  }
}

import Domain
import Postgres
import TestKit
import Testing

/// What a balancer and Prometheus see.
@Suite struct ReadinessTests {
  @Test func readinessFollowsTheDatabase() async throws {
    let own = TestCluster.own()
    defer { own.remove() }
    try await withInterface(Setup(posts: true, cluster: own)) { interface in
      func isReady() async throws -> Bool { try await interface.send("GET", "/readyz", key: nil).status == 200 }
      #expect(try await eventually { try await isReady() })
      try await interface.append([Sample.event("before")])
      try await offTheCooperativePool { try own.cluster.stop(.immediate) }
      let stopped = try await interface.send("GET", "/readyz", key: nil)
      #expect(stopped.status == 503)
      #expect(stopped.json["ready"] == .boolean(false))
      #expect(stopped.json["checks"]?["ledger"]?["ok"] == .boolean(false))
      // It lives all the while, and says that it is the database that is away: nobody is told that he may not.
      #expect(try await interface.send("GET", "/healthz", key: nil).status == 200)
      let away = try await Exchange.once(
        Exchange.request(
          "POST", "/v1/ledgers/main/events",
          headers: [
            ("Authorization", "Bearer \(interface.admin)"), ("Content-Type", "application/cloudevents-batch+json"),
          ], body: JSON.array([Sample.event("meanwhile")]).canonical), port: interface.port)
      #expect(away.status == 503, "\(away.text)")
      #expect(away.header("Retry-After") != nil)
      try await offTheCooperativePool { try own.cluster.start() }
      #expect(try await eventually { try await isReady() })
      let answer = try await interface.append([
        Sample.event("before"), Sample.event("meanwhile"), Sample.event("after"),
      ])
      #expect(answer.status == 200, "\(answer.text)")
      let first = answer.positions[0]
      #expect(answer.positions == [first, first + 1, first + 2])
    }
  }

  @Test func everyFamilyOfMetricsIsFed() async throws {
    try await withInterface(Setup(posts: true)) { interface in
      let head = try await interface.append([Sample.completion("a"), Sample.completion("b")]).positions[1]
      try await interface.append([Sample.completion("a")])
      _ = try await interface.send("GET", "/v1/ledgers/main/books/daily_spend?min_position=\(head)")
      _ = try await interface.send("GET", "/v1/ledgers/main/books/nothing")
      var answer = try await interface.send("GET", "/metrics")
      // The first look begins to compare the books with the log; a later one shows what came of it.
      for _ in 0..<1_000 where !answer.text.contains(#"daybook_reconciliation_findings{ledger="main"}"#) {
        try await Task.sleep(for: .milliseconds(20))
        answer = try await interface.send("GET", "/metrics")
      }
      #expect(answer.header("Content-Type") == "text/plain; version=0.0.4")
      let lines = answer.text.split(separator: "\n")
      let families = lines.filter { $0.hasPrefix("# TYPE ") }.map { $0.split(separator: " ")[2] }
      #expect(families.count > 15)
      // No notary runs here: what it tells is held against it elsewhere.
      let ofNotary: Set<Substring> = [
        "daybook_checkpoint_position", "daybook_cosigned_position", "daybook_notary_halted",
      ]
      for family in families where !ofNotary.contains(family) {
        #expect(lines.contains { $0.hasPrefix(family) && !$0.hasPrefix("#") }, "\(family) is not fed")
      }
      let expected = [
        #"daybook_appends_total{ledger="main"} 2"#, #"daybook_append_duplicates_total{ledger="main"} 1"#,
        #"daybook_log_position{ledger="main"} \#(head)"#, #"daybook_refusals_total{problem="unknown-book"} 1"#,
        #"daybook_projection_stopped{projection="daily_spend",ledger="main"} 0"#,
        #"daybook_projection_differences{projection="model_pnl",ledger="main"} 0"#,
        #"daybook_reconciliation_findings{ledger="main"} 0"#,
      ]
      for line in expected {
        #expect(lines.contains(Substring(line)), "\(line)")
      }
      // No name of a metric holds what somebody sent, be it a path, an id or a key.
      #expect(!answer.text.contains("nothing") && !answer.text.contains("dbk_"))
    }
  }
}

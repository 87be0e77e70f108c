import Domain
import Testing

/// Swift's `String` takes texts that differ only in Unicode normalisation for equal, and so did a ledger that compared them:
/// two members became one, two persons one person. Bytes are what counts.
@Suite struct NormalisationTests {
  private static let composed = "caf\u{E9}"
  private static let decomposed = "cafe\u{301}"

  @Test func keysThatDifferInNormalisationOrCaseStayTwo() async throws {
    try await withInterface { interface in
      let data = JSON.object([
        Self.composed: .integer(1), Self.decomposed: .integer(2), "Key": .integer(3), "key": .integer(4),
        "\u{212B}": .integer(5), "\u{C5}": .integer(6),
      ])
      let position = try await interface.append([Sample.event("a", data: data)]).positions[0]
      let record = try await interface.send("GET", "/v1/ledgers/main/events/\(position)")
      #expect(record.json["event"]?["data"] == data)
      #expect(record.json["event"]?["data"]?.members?.count == 6)
    }
  }

  @Test func theSameIdentityWithAnotherNormalisationIsAnotherContent() async throws {
    try await withInterface { interface in
      var problems: [String?] = []
      for name in [Self.composed, Self.decomposed, Self.composed.uppercased()] {
        let event = Sample.event("a", data: .object(["name": .text(name)]))
        problems.append(try await interface.append([event]).problem)
      }
      #expect(problems == [nil, "identity-conflict", "identity-conflict"])
    }
  }

  @Test func idsThatDifferInCaseAreTwo() async throws {
    try await withInterface { interface in
      let answer = try await interface.append([
        Sample.event("Call", subject: "s/A"), Sample.event("call", subject: "s/a"),
      ])
      #expect(answer.json["events"]?.elements?.map { $0["sequence"]?.integer } == [1, 1])
      #expect(Set(answer.positions).count == 2)
    }
  }

  @Test func usersThatDifferInNormalisationOrCaseHaveTokensOfTheirOwn() async throws {
    try await withInterface(Setup(posts: true)) { interface in
      let users = [Self.composed, Self.decomposed, "Ann", "ann", "ann ", Self.composed]
      let answer = try await interface.append(
        users.enumerated().map { Sample.completion("\($0.offset)", data: ["user": .text($0.element)]) })
      var tokens: [String] = []
      for position in answer.positions {
        let record = try await interface.send("GET", "/v1/ledgers/main/events/\(position)")
        tokens.append(record.json["derived"]?["persons"]?["/user"]?.string ?? "")
      }
      #expect(Set(tokens).count == 5)
      #expect(tokens[0] == tokens[5])
      let head = answer.positions[5]
      let book = try await interface.send(
        "GET", "/v1/ledgers/main/books/daily_spend/by_user?min_position=\(head)&group_by=user")
      #expect(book.rows.count == 5, "\(book.text)")
      // The book shows the names, byte for byte.
      #expect(Set(book.rows.compactMap { $0["user"]?.exactText }) == Set(users.map { ExactText($0) }))
    }
  }

  @Test func teamsAndScopesThatDifferInNormalisationStayTwo() async throws {
    try await withInterface(Setup(posts: true)) { interface in
      let answer = try await interface.append([
        Sample.completion("a", data: ["team": .text(Self.composed)]),
        Sample.completion("b", data: ["team": .text(Self.decomposed)]),
      ])
      let book = try await interface.send(
        "GET", "/v1/ledgers/main/books/daily_spend/by_team?min_position=\(answer.positions[1])")
      let teams = Set(book.rows.compactMap { $0["team"]?.exactText })
      #expect(teams == [ExactText(Self.composed), ExactText(Self.decomposed)], "\(book.text)")
      for team in [Self.composed, Self.decomposed] {
        let body = JSON.object(["scope": .text("team/\(team)"), "reason": .text("a")])
        #expect(try await interface.send("POST", "/v1/ledgers/main/kill-switches/activate", body).status == 200)
      }
      let active = try await interface.send("GET", "/v1/ledgers/main/kill-switches")
      #expect(active.json["kill_switches"]?.elements?.count == 2)
    }
  }
}

extension JSON {
  /// A text that is compared as bytes.
  var exactText: ExactText? { if case .string(let text) = self { text } else { nil } }
}

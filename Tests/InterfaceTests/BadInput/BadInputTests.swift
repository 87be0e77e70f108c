import Domain
import Foundation
import Testing

/// What must be refused, each with its status, its type and its place; and the log knows nothing of it.
@Suite struct BadInputTests {
  static let all =
    BadInput.json + BadInput.cloudEvents + BadInput.catalogue + BadInput.commandOnly + BadInput.requests
    + BadInput.parameters + BadInput.keys + BadInput.commands

  @Test func everyBadInputIsRefusedByNameAndLeavesNoTrace() async throws {
    #expect(Self.all.count >= 60)
    try await withInterface(Setup(posts: true)) { interface in
      let keys = try await Keys(interface)
      let before = (main: try await interface.head(), system: try await interface.head("system"))
      for input in Self.all {
        try await Self.check(input, interface, keys)
      }
      let recorded = Self.all.filter(\.isRecorded)
      let inSystem = recorded.filter { input in
        if case .elsewhere = input.caller { true } else { input.path == "/v1/keys" }
      }
      #expect(try await interface.head() == before.main + Int64(recorded.count - inSystem.count))
      #expect(try await interface.head("system") == before.system + Int64(inSystem.count))
      let traces = try await interface.send("GET", "/v1/ledgers/main/events?after=\(before.main)")
      for record in traces.json["records"]?.elements ?? [] {
        #expect(record["event"]?["type"] == .text("command.refused"))
      }
    }
  }

  private static func check(_ input: BadInput, _ interface: Interface, _ keys: Keys) async throws {
    let type = input.mediaType.map { [(name: "Content-Type", value: $0)] } ?? []
    let authorisation = keys.header(input.caller).map { [(name: "Authorization", value: $0)] } ?? []
    let answer = try await interface.send(
      input.method, input.path, bytes: input.body, key: nil, headers: authorisation + type + input.headers)
    #expect(answer.status == input.status, "\(input.name): \(answer.text)")
    #expect(answer.problem == input.problem, "\(input.name): \(answer.text)")
    #expect(answer.header("Content-Type") == "application/problem+json", "\(input.name)")
    #expect(answer.json["status"]?.integer == Int64(answer.status), "\(input.name)")
    guard let error = input.error else { return }
    let errors = answer.json["errors"]?.elements ?? []
    let isThere = errors.contains {
      $0["pointer"]?.string == error.pointer && $0["code"]?.string == error.code && $0["detail"]?.string != nil
    }
    #expect(isThere, "\(input.name): \(error) is not in \(answer.text)")
  }

  /// A fault of one event of a batch names the event, and nothing of the batch is kept.
  @Test func everyFaultOfABatchIsAnsweredAtOnceWithItsEvent() async throws {
    try await withInterface { interface in
      let before = try await interface.head()
      let bad = [
        BadInput.text(["id": #""a""#]), BadInput.text(["id": nil], data: ["attempt": "1.0"]),
        BadInput.text(["id": #""c""#], data: ["status": #""great""#, "model": nil]),
      ]
      let answer = try await interface.send(
        "POST", "/v1/ledgers/main/events", bytes: Array("[\(bad.joined(separator: ","))]".utf8),
        headers: [("Content-Type", BadInput.batch)])
      let errors = (answer.json["errors"]?.elements ?? []).map {
        "\($0["index"]?.integer ?? -1) \($0["pointer"]?.string ?? "?") \($0["code"]?.string ?? "?")"
      }
      #expect(
        Set(errors) == [
          "1 /data/attempt float", "1 /id required", "2 /data/model required", "2 /data/status enum",
        ])
      #expect(try await interface.head() == before)
    }
  }

  /// A key that is refused in a loop must not write the log full: 60 a minute are recorded, and the next record says
  /// how many were only counted.
  @Test func refusalsAreRecordedSixtyTimesAMinuteAndThenCounted() async throws {
    try await withInterface { interface in
      let agent = try await interface.issueKey(kind: "agent", roles: ["agent"])
      // All within one minute of the clock, lest the bound be met in two of them.
      let second = Int(Date().timeIntervalSince1970) % 60
      if second > 40 { try await Task.sleep(for: .seconds(61 - second)) }
      let before = try await interface.head()
      for _ in 1...65 {
        let answer = try await interface.send("GET", "/v1/ledgers/main/events", key: agent.text)
        #expect(answer.problem == "role-required")
      }
      #expect(try await interface.head() == before + 60)
      let last = try await interface.send("GET", "/v1/ledgers/main/events/\(before + 60)")
      let data = last.json["event"]?["data"]
      #expect(data?["command"] == .text("readEvents"))
      #expect(data?["count"] == .integer(1))
      #expect(last.json["event"]?["actor"] == .text(agent.id))
    }
  }
}

/// The keys that the table's callers have.
struct Keys: Sendable {
  let admin: String
  private let revoked: String
  private let expired: String
  private let agent: String
  private let auditor: String
  private let elsewhere: String
  private let prefixed: String

  init(_ interface: Interface) async throws {
    admin = interface.admin
    let end = Timestamp(microseconds: Int64((Date().timeIntervalSince1970 + 4) * 1_000_000))
    expired = try await interface.issueKey(kind: "human", roles: ["service"], expires: end.description).text
    agent = try await interface.issueKey(kind: "agent", roles: ["agent"]).text
    auditor = try await interface.issueKey(kind: "human", roles: ["auditor"]).text
    elsewhere = try await interface.issueKey(kind: "service", roles: ["service"], ledgers: ["elsewhere"]).text
    prefixed = try await interface.issueKey(kind: "service", roles: ["service"], sources: ["/billing/"]).text
    let bad = try await interface.issueKey(kind: "human", roles: ["admin", "service"])
    revoked = bad.text
    let answer = try await interface.send("POST", "/v1/keys/\(bad.id)/revoke", .object(["reason": .text("a")]))
    guard answer.status == 200 else { throw Failure(description: answer.text) }
    while Date().timeIntervalSince1970 * 1_000_000 <= Double(end.microseconds) {
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  /// The value of the header; nil for nobody.
  func header(_ caller: BadInput.Caller) -> String? {
    switch caller {
    case .nobody: nil
    case .header(let text): text
    case .admin: "Bearer \(admin)"
    case .forged: "Bearer \(admin.dropLast())\(admin.hasSuffix("a") ? "b" : "a")"
    case .revoked: "Bearer \(revoked)"
    case .expired: "Bearer \(expired)"
    case .agent: "Bearer \(agent)"
    case .auditor: "Bearer \(auditor)"
    case .elsewhere: "Bearer \(elsewhere)"
    case .prefixed: "Bearer \(prefixed)"
    }
  }
}

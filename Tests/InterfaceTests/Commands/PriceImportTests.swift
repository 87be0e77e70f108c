import DaybookClient
import Domain
import Foundation
import Testing

/// `daybook prices import` against a real service: five snapshots of a public table, in the order of their dates.
@Suite struct PriceImportTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("tools/prices").path

  private static func run(_ interface: Interface, _ arguments: [String]) async throws -> JSON {
    let environment = ["DAYBOOK_URL": "http://127.0.0.1:\(interface.port)", "DAYBOOK_KEY": interface.admin]
    let (status, output) = try await Program.run(arguments + ["--format", "json"], environment: environment)
    guard status == 0, let start = output.firstIndex(of: "{"),
      let answer = try? JSON(
        parsing: Array(output[start...].utf8), limits: JSONLimits(depth: 20, bytes: 64 << 20, values: 4 << 20))
    else { throw Failure(description: String(output.prefix(2_000))) }
    return answer
  }

  private static func importing(_ interface: Interface, _ day: String, _ more: String...) async throws -> JSON {
    try await run(interface, ["prices", "import", "\(folder)/litellm-\(day).json.zst"] + more)
  }

  private static func counts(_ report: JSON) -> [Int64?] {
    ["new", "unchanged", "raised", "cut", "held", "removed"].map { report["counts"]?[$0]?.integer }
  }

  /// The price of a model's input in force at a moment, as known at another; nil where there is none.
  private static func input(
    _ interface: Interface, _ model: String, at: String, knownAt: String? = nil, provider: String? = nil
  ) async throws -> String? {
    let query = [("model", model), ("at", at), ("known_at", knownAt), ("provider", provider)]
      .compactMap { name, value in value.map { "\(name)=\($0.replacing("+", with: "%2B"))" } }.joined(separator: "&")
    let answer = try await interface.send("GET", "/v1/ledgers/main/prices?\(query)")
    let rows = answer.json["prices"]?.elements ?? []
    return rows.first { $0["usage_class"]?.string == "input_tokens" && $0["service_tier"] == nil }?["price"]?[
      "amount"]?.string
  }

  @Test func fiveSnapshotsOfAPublicTableAreImportedInTheOrderOfTheirDates() async throws {
    try await withInterface { interface in
      let approvers = try await Self.approvers(interface)
      // Nothing is changed until it is asked for.
      let dry = try await Self.importing(interface, "2025-06-09")
      #expect(Self.counts(dry) == [2_430, 0, 0, 0, 0, 0])
      #expect(dry["applied"] == nil)
      let empty = try await interface.send("GET", "/v1/ledgers/main/prices")
      #expect(empty.json["prices"]?.elements?.isEmpty == true)

      #expect(try await Self.importing(interface, "2025-06-09", "--apply")["applied"]?["listed"]?.integer == 2_430)
      let between = Timestamp.now().description
      // The real cut passes; what was believed before it was learned stays what it was.
      #expect(try await Self.counts(Self.importing(interface, "2025-06-12", "--apply")) == [62, 2_424, 0, 6, 0, 0])
      let july = "2025-07-01T00:00:00Z"
      #expect(try await Self.input(interface, "o3", at: july, provider: "openai") == "2")
      #expect(try await Self.input(interface, "o3", at: "2025-06-10T00:00:00Z", provider: "openai") == "10")
      #expect(try await Self.input(interface, "o3", at: july, knownAt: between, provider: "openai") == "10")

      // The provider that enters ten thousand times too dear is held, whole, and a second import asks for nothing more.
      let january = try await Self.importing(interface, "2026-01-12", "--apply")
      #expect(Self.counts(january) == [3_090, 2_338, 20, 20, 211, 110])
      let approvals = january["applied"]?["approvals"]?.elements ?? []
      let waiting = Dictionary(grouping: approvals) { $0["provider"]?.string ?? "" }
        .mapValues { $0.reduce(0) { $0 + ($1["prices"]?.integer ?? 0) } }
      #expect(waiting == ["novita": 179, "wandb": 28, "mistral": 2, "watsonx": 2])
      let v32 = "novita/deepseek/deepseek-v3.2"
      #expect(try await Self.input(interface, v32, at: "2026-01-13T00:00:00Z") == nil)
      let again = try await Self.importing(interface, "2026-01-12", "--apply")
      #expect(Self.counts(again) == [0, 5_468, 0, 0, 211, 110])
      #expect(again["applied"]?["names"]?.integer == 0)
      let repeated = again["applied"]?["approvals"]?.elements ?? []
      #expect(repeated.map { $0["approval"] } == approvals.map { $0["approval"] })
      #expect(repeated.allSatisfy { $0["duplicate"] == .boolean(true) })

      // Two days later it is repaired, and passes.
      #expect(
        try await Self.counts(Self.importing(interface, "2026-01-14", "--apply")) == [208, 5_434, 1, 31, 34, 110])
      #expect(try await Self.input(interface, v32, at: "2026-01-15T00:00:00Z") == "0.269")
      // By the provider's own name, too.
      let own = try await Self.input(
        interface, "deepseek/deepseek-v3.2", at: "2026-01-15T00:00:00Z", provider: "novita")
      #expect(own == "0.269")
      try await Self.decide(interface, approvals, approvers)
      #expect(
        try await Self.counts(Self.importing(interface, "2026-07-24", "--apply")) == [2_826, 4_962, 30, 23, 44, 752])
    }
  }

  /// Keys of two owners who were there before anything was asked for.
  private static func approvers(_ interface: Interface) async throws -> [String] {
    try await interface.addOwner("second")
    try await interface.addOwner("third")
    let second = try await interface.issueKey(owner: "second", kind: "human", roles: ["approver"]).text
    let third = try await interface.issueKey(
      owner: "third", kind: "human", roles: ["approver"], grantedBy: second
    ).text
    return [second, third]
  }

  /// People look at what was held: the repair is granted, and the error cannot be any more, as the models moved since.
  private static func decide(_ interface: Interface, _ approvals: [JSON], _ keys: [String]) async throws {
    func grant(_ provider: String) async throws -> Answer {
      let id = approvals.first { $0["provider"]?.string == provider }?["approval"]?.string ?? ""
      var answers: [Answer] = []
      for key in keys {
        answers.append(
          try await interface.command(
            "approvals/\(id)/grant", .object(["reason": .text("looked at the provider's own list")]), key: key))
      }
      return try #require(answers.last)
    }
    let repaired = try await grant("watsonx")
    #expect(repaired.status == 200, "\(repaired.text)")
    #expect(try await input(interface, "watsonx/ibm/granite-3-8b-instruct", at: "2026-01-13T00:00:00Z") == "0.2")
    let stale = try await grant("novita")
    #expect(stale.status == 409, "\(stale.text)")
  }

  @Test func aFileThatIsNoTableIsSaidToBeNone() async throws {
    let folder = try Folder()
    try folder.write("{\"a\": 1.5e-07,}", to: "broken.json")
    try folder.write("{\"m\": {\"litellm_provider\": \"p\", \"input_cost_per_token\": 1.5e-07}}", to: "undated.json")
    let environment = ["DAYBOOK_URL": "http://127.0.0.1:9", "DAYBOOK_KEY": "none"]
    for (file, words) in [
      ("missing.json", "cannot read"), ("broken.json", "is no JSON"), ("undated.json", "--valid-from"),
    ] {
      let (status, output) = try await Program.run(
        ["prices", "import", "\(folder.path)/\(file)"], environment: environment)
      #expect(status == 2)
      #expect(output.contains(words), "\(output)")
    }
  }
}

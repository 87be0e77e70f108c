import Domain

/// What finance does over HTTP: an admin asks, and a second owner grants.
struct FinanceDesk: Sendable {
  let interface: Interface
  /// The key of the second owner.
  let second: String

  init(_ interface: Interface) async throws {
    self.interface = interface
    try await interface.addOwner("second")
    second = try await interface.issueKey(owner: "second", kind: "human", roles: ["approver", "finance"]).text
  }

  /// Asks for a change; answers the approval's id, or the problem.
  func ask(_ path: String, _ body: JSON = .object([:])) async throws -> (approval: String?, answer: Answer) {
    let answer = try await interface.command(path, body)
    return (answer.json["approval"]?["approval"]?.string, answer)
  }

  /// Asks, and has it granted.
  @discardableResult
  func settle(_ path: String, _ body: JSON = .object([:])) async throws -> Answer {
    let (approval, answer) = try await ask(path, body)
    guard let approval else { throw Failure(description: answer.text) }
    let granted = try await interface.grant(approval, key: second, in: "main")
    guard granted.status == 200 else { throw Failure(description: granted.text) }
    return answer
  }

  /// The rows of a book, once it reflects the head; as of a position where one is given.
  func rows(_ query: String, asOf: Int64? = nil) async throws -> [JSON] {
    let head = try await interface.head()
    let point = asOf.map { "as_of=\($0)" } ?? "min_position=\(head)"
    let separator = query.contains("?") ? "&" : "?"
    let answer = try await interface.send("GET", "/v1/ledgers/main/books/\(query)\(separator)\(point)")
    guard answer.status == 200 else { throw Failure(description: answer.text) }
    return answer.rows
  }

  /// The events of a type, with what was derived.
  func records(_ type: String) async throws -> [JSON] {
    try await interface.send("GET", "/v1/ledgers/main/events?limit=1000&type=\(type)").json["records"]?.elements ?? []
  }
}

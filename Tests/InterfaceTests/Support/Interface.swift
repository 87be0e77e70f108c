import Domain
import Foundation
import Postgres
import Projections
import Service
import Synchronization
import TestKit

/// Daybook as its users meet it: a real service on a real socket, with a database of its own.
struct Interface: Sendable {
  /// The superuser's way into the database; further services may be started on it.
  let settings: ConnectionSettings
  /// Where the service listens.
  let port: Int
  /// The first admin key's text.
  let admin: String

  /// Sends a request and waits for the whole answer; `key` nil sends none, the admin's is the default.
  func send(
    _ method: String, _ path: String, _ body: JSON? = nil, key: String? = "admin",
    headers: [(name: String, value: String)] = []
  ) async throws -> Answer {
    let type = body == nil ? [] : [(name: "Content-Type", value: "application/json")]
    return try await send(method, path, bytes: body?.canonical ?? [], key: key, headers: type + headers)
  }

  /// The same with a body of any bytes.
  func send(
    _ method: String, _ path: String, bytes: [UInt8], key: String? = "admin",
    headers: [(name: String, value: String)] = []
  ) async throws -> Answer {
    let key = key == "admin" ? admin : key
    let authorisation = key.map { [(name: "Authorization", value: "Bearer \($0)")] } ?? []
    return try await Exchange.answer(
      to: Exchange.request(method, path, headers: authorisation + headers, body: bytes), port: port)
  }

  /// Appends events, each an object of attributes, as a batch.
  @discardableResult
  func append(_ events: [JSON], key: String? = "admin", ledger: String = "main") async throws -> Answer {
    try await send(
      "POST", "/v1/ledgers/\(ledger)/events", bytes: JSON.array(events).canonical, key: key,
      headers: [("Content-Type", "application/cloudevents-batch+json")])
  }

  /// The last position of a ledger, from the database itself.
  func head(_ ledger: String = "main") async throws -> Int64 {
    let settings = settings
    return try await offTheCooperativePool {
      let connection = try Connection(settings)
      defer { connection.close() }
      let rows = try connection.execute(
        "SELECT coalesce(max(position), 0) FROM daybook.events WHERE ledger_id = $1", [.text(ledger)])
      return rows.int64(0, 0)
    }
  }

  /// Waits until the service counts this key among the known ones, and gives its text.
  ///
  /// - Parameter second: the key of another owner, who grants it where that is needed.
  func issueKey(
    owner: String = "first-owner", kind: String, roles: [String], ledgers: [String] = ["*"], sources: [String]? = nil,
    expires: String? = nil, grantedBy second: String? = nil
  ) async throws -> (id: String, text: String) {
    let answer = try await send(
      "POST", "/v1/keys",
      .object([
        "kind": .text(kind), "owner": .text(owner), "roles": .array(roles.map { .text($0) }),
        "ledgers": .array(ledgers.map { .text($0) }), "sources": sources.map { .array($0.map { .text($0) }) },
        "expires": expires.map { .text($0) },
      ]))
    guard let id = answer.json["key"]?.string, let text = answer.json["secret"]?.string else {
      throw Failure(description: "no key was issued: \(answer.text)")
    }
    if answer.status == 202 {
      guard let second, let approval = answer.json["approval"]?["approval"]?.string else {
        throw Failure(description: "the key waits for a second owner: \(answer.text)")
      }
      let granted = try await grant(approval, key: second)
      guard granted.status == 200 else { throw Failure(description: granted.text) }
    }
    return (id, text)
  }

  /// Adds an owner who is not the first one.
  func addOwner(_ owner: String) async throws {
    let answer = try await send("POST", "/v1/owners", .object(["owner": .text(owner), "name": .text(owner)]))
    guard answer.status == 200 else { throw Failure(description: "no owner was added: \(answer.text)") }
  }
}

/// What keeps a test from going on.
struct Failure: Error, CustomStringConvertible {
  var description: String
}

/// How a deployment is made.
struct Setup {
  var timeZone = "UTC"
  var prices: [JSON] = []
  /// Whether a projector runs.
  var posts = false
  var projectionFolders: [String] = []
  var cluster = TestCluster.shared
}

/// Makes a deployment and runs it while `body` does.
func withInterface<Value: Sendable>(
  _ setup: Setup = Setup(), _ body: @Sendable (Interface) async throws -> Value
) async throws -> Value {
  try await setup.cluster.withDatabase { settings in
    let kept = Mutex("")
    var bootstrap = Bootstrap()
    bootstrap.timeZone = setup.timeZone
    bootstrap.prices = setup.prices
    try await bootstrap.run(settings) { text in kept.withLock { $0 = text } }
    let admin = kept.withLock { $0 }
    var posting: Task<Void, any Error>?
    if setup.posts {
      var projector = settings
      projector.role = "daybook_projector"
      let runner = ProjectorRunner(
        projector, catalogue: try ProjectionCatalogue.load(extraFolders: setup.projectionFolders))
      posting = Task { try await runner.run() }
    }
    let outcome: Result<Value, any Error>
    do {
      outcome = .success(
        try await withService(settings, projectionFolders: setup.projectionFolders) { port in
          try await body(Interface(settings: settings, port: port, admin: admin))
        })
    } catch { outcome = .failure(error) }
    posting?.cancel()
    _ = await posting?.result
    return try outcome.get()
  }
}

/// Runs a service on a database that was prepared, while `body` does.
func withService<Value: Sendable>(
  _ settings: ConnectionSettings, projectionFolders: [String] = [],
  configure: (inout DaybookService.Options) -> Void = { _ in }, _ body: @Sendable (Int) async throws -> Value
) async throws -> Value {
  var options = DaybookService.Options(database: settings)
  options.port = 0
  options.projectionFolders = projectionFolders
  options.shutdownBound = .seconds(1)
  configure(&options)
  let service = DaybookService(options)
  let (ports, portSaid) = AsyncStream.makeStream(of: Int.self)
  let (ends, end) = AsyncStream.makeStream(of: Never.self)
  let running = Task {
    defer { portSaid.finish() }
    try await service.run(ready: { portSaid.yield($0) }, until: { for await _ in ends {} })
  }
  var port: Int?
  for await said in ports {
    port = said
    break
  }
  guard let port else {
    try await running.value
    throw Failure(description: "the service ended before it was ready")
  }
  let outcome: Result<Value, any Error>
  do { outcome = .success(try await body(port)) } catch { outcome = .failure(error) }
  end.finish()
  try await running.value
  return try outcome.get()
}

/// Runs what blocks on a thread of its own: the queues of the process are the service's, and a crowd must not take them.
func offTheCooperativePool<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Result { try work() }) }
  }
}

/// Asks again until it is so, or the bound is over.
func eventually(
  within bound: Duration = .seconds(60), _ isSo: () async throws -> Bool
) async rethrows -> Bool {
  let deadline = ContinuousClock.now + bound
  while true {
    if try await isSo() { return true }
    if ContinuousClock.now > deadline { return false }
    try? await Task.sleep(for: .milliseconds(20))
  }
}

import Crypto
import Domain
import Foundation
import Integrity
import Log
import Notary
import Postgres
import Service
import TestKit
import Testing

/// A ledger in a database of its own, a writer, and a folder for a notary's key and files.
final class NotaryBench: Sendable {
  let settings: ConnectionSettings
  let folder: String
  let ledger = "main"

  init(_ settings: ConnectionSettings) throws {
    self.settings = settings
    folder = "/tmp/daybook-notary-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let connection = try Connection(settings)
    try LedgerRows.create(connection, ledger)
    connection.close()
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Quick options; those of production are seconds.
  func options(_ settings: ConnectionSettings? = nil) -> NotaryOptions {
    var options = NotaryOptions(database: settings ?? self.settings, folder: folder)
    options.name = "example.com/test"
    options.interval = .milliseconds(20)
    options.pace = .milliseconds(20)
    options.patrolPause = .milliseconds(20)
    options.recheck = .milliseconds(50)
    return options
  }

  var origin: String { "example.com/test/main" }

  func verifier(_ origin: String? = nil) throws -> VerifierKey {
    try #require(try NotaryKey.read(folder + "/notary.key")?.verifier(name: origin ?? self.origin))
  }

  /// Runs a notary while `body` does.
  func signing<Value>(
    _ options: NotaryOptions? = nil, isolation: isolated (any Actor)? = #isolation,
    _ body: () async throws -> Value
  ) async throws -> Value {
    let runner = NotaryRunner(options ?? self.options())
    let task = Task { await runner.run() }
    let result: Result<Value, any Error>
    do { result = .success(try await body()) } catch { result = .failure(error) }
    task.cancel()
    await task.value
    return try result.get()
  }

  /// Appends through a writer of its own.
  func append(_ count: Int, _ settings: ConnectionSettings? = nil) async throws {
    let writer = LedgerWriter(ledger: ledger, settings: settings ?? self.settings, zones: { _ in .utc })
    let drafts = try (0..<count).map { _ in
      try EventDraft(
        planned: "x.note", subject: "note/\(UInt32.random(in: 0...9))",
        id: "n-\(UInt64.random(in: 0...UInt64.max))", source: "/test", data: .object(["text": .text("hello")]))
    }
    let result: Result<Void, any Error>
    do {
      for start in stride(from: 0, to: count, by: 500) {
        let principal = Principal(key: "service000001", kind: .service, owner: "alice", roles: [.service])
        _ = try await writer.append(Array(drafts[start..<min(start + 500, count)]), by: principal, bytes: 100)
      }
      result = .success(())
    } catch { result = .failure(error) }
    await writer.close()
    try result.get()
  }

  /// Does something with the superuser's rights and no trigger in the way.
  func tamper(_ sql: String...) throws {
    let connection = try Connection(settings)
    defer { connection.close() }
    for table in ["events", "seals", "checkpoints", "cosignatures", "tiles", "checkpoint_series"] {
      try connection.script("ALTER TABLE daybook.\(table) DISABLE TRIGGER USER")
    }
    for statement in sql { try connection.script(statement) }
  }

  func look<Value>(
    _ settings: ConnectionSettings? = nil, memory: TileMemory = TileMemory(), _ body: (PublishedLog) throws -> Value
  ) throws -> Value {
    let connection = try Connection(settings ?? self.settings)
    defer { connection.close() }
    return try body(PublishedLog(connection, ledger: ledger, memory: memory))
  }

  func signedSize(_ settings: ConnectionSettings? = nil) throws -> Int64 {
    try look(settings) { try $0.checkpoint()?.checkpoint.size } ?? 0
  }

  func status(_ settings: ConnectionSettings? = nil) throws -> NotaryStatus? {
    let connection = try Connection(settings ?? self.settings)
    defer { connection.close() }
    return try NotaryStatus.read(connection).first { $0.ledger == ledger }
  }

  func halt(_ settings: ConnectionSettings? = nil) throws -> Halt? { try status(settings)?.halt }

  /// The leaf hashes by definition: each event's entry, read whole.
  func leafHashes() throws -> [[UInt8]] {
    let connection = try Connection(settings)
    defer { connection.close() }
    return try LogReader(connection, ledger: ledger).page(LogFilter(), limit: 1_000_000)
      .map { EventHash.leaf(entry: EventHash.entry($0)) }
  }

  /// Every line of the file of checkpoints.
  func fileLines() throws -> [CheckpointFile.Line] {
    var lines: [CheckpointFile.Line] = []
    try CheckpointFile.read(CheckpointFile.path(folder: folder + "/checkpoints", ledger: ledger)) { lines.append($1) }
    return lines
  }
}

/// Asks again until it is so; an issue where it is not within a generous bound.
func expectEventually(
  sourceLocation: SourceLocation = #_sourceLocation, _ isSo: () async throws -> Bool
) async throws {
  let deadline = ContinuousClock.now + .seconds(120)
  while try await !isSo() {
    if ContinuousClock.now > deadline {
      Issue.record("it never came to be so", sourceLocation: sourceLocation)
      return
    }
    try await Task.sleep(for: .milliseconds(20))
  }
}

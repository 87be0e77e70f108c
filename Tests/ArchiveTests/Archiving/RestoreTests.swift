import Control
import Crypto
import Domain
import Exports
import Foundation
import Integrity
import Log
import Postgres
import Projections
import TestKit
import Testing

@testable import Archive

/// What was taken out of a log comes back as it was, or not at all.
@Suite struct RestoreTests {
  private func verified(_ settings: ConnectionSettings) throws -> VerificationReport {
    let connection = try Connection(settings)
    defer { connection.close() }
    return try Verification.run(connection, ledger: "main")
  }

  private func restore(_ settings: ConnectionSettings, _ path: String) throws -> ExportReport {
    var settings = settings
    settings.role = "daybook_writer"
    let connection = try Connection(settings)
    defer { connection.close() }
    return try LogImporter.run(connection, path, ledger: "main", verifier: ExportVerifier())
  }

  /// What the rules know and what a book says, at the head.
  private func conclusions(_ settings: ConnectionSettings) async throws -> [String] {
    let connection = try Connection(settings)
    defer { connection.close() }
    let memory = try LedgerMemory.hydrate(connection, ledger: "main")
    let catalogue = try ProjectionCatalogue.load()
    var posting = settings
    posting.role = "daybook_projector"
    let runner = ProjectorRunner(posting, catalogue: catalogue)
    let projector = Task { try await runner.run() }
    defer { projector.cancel() }
    let books = BookQueries(settings, catalogue: catalogue)
    var digest = try? await books.digest("daily_spend", ledger: "main")
    let deadline = ContinuousClock.now + .seconds(60)
    while digest?.position != memory.position, ContinuousClock.now < deadline {
      try await Task.sleep(for: .milliseconds(50))
      digest = try? await books.digest("daily_spend", ledger: "main")
    }
    await books.close()
    return [
      Hex.string(SHA256Digest.hash(memory.state.snapshot())), Hex.string(memory.edge.root),
      try #require(digest).sha256,
    ]
  }

  @Test func aFolderBringsBackTheLogItsPersonsItsRulesAndItsBooks() async throws {
    let folder = FilledLedger.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await withDatabase { source in
      try await FilledLedger.make(source)
      try FilledLedger.archive(source, to: folder)
      var verifier = ExportVerifier()
      verifier.keys = [FilledLedger.signer.key]
      let report = try verifier.verify(folder)
      #expect(report.findings == [] && report.events == 451)
      let root = try verified(source).root
      #expect(report.root == root)
      try await withDatabase { target in
        let restored = try restore(target, folder)
        #expect(restored.root == report.root)
        #expect(try FilledLedger.contents(target) == FilledLedger.contents(source))
        #expect(try verified(target).findings == [])
        let (there, here) = (try await conclusions(target), try await conclusions(source))
        #expect(there == here)
        #expect { _ = try restore(target, folder) } throws: { ($0 as? ArchiveError)?.code == .notEmpty }
      }
    }
  }

  @Test func aFileOfRecordsBringsBackTheLog() async throws {
    let file = FilledLedger.folder() + ".ndjson"
    defer { try? FileManager.default.removeItem(atPath: file) }
    try await withDatabase { source in
      try await FilledLedger.make(source, completions: 60)
      let connection = try Connection(source)
      var lines: [UInt8] = []
      try RecordLines(connection, ledger: "main").stream(LogFilter()) { more, _, _ in lines += more }
      connection.close()
      try Data(lines).write(to: URL(fileURLWithPath: file))
      let report = try ExportVerifier().verify(file)
      #expect(report.findings == [] && report.events == 111)
      let root = try verified(source).root
      #expect(report.root == root)
      try await withDatabase { target in
        _ = try restore(target, file)
        #expect(try FilledLedger.contents(target)[0] == FilledLedger.contents(source)[0])
        #expect(try verified(target).findings == [])
      }
      // One that does not begin at the beginning, and one with a line that was changed.
      let rest = lines[(lines.firstIndex(of: 0x0A)! + 1)...]
      let forged = String(decoding: lines, as: UTF8.self).replacing(
        "\"latency_ms\": 91,", with: "\"latency_ms\": 92,")
      for bytes in [Data(rest), Data(forged.utf8)] {
        try bytes.write(to: URL(fileURLWithPath: file))
        try await withDatabase { target -> Void in
          #expect(throws: ArchiveError.self) { _ = try restore(target, file) }
        }
      }
      #expect(try ExportVerifier().verify(file).findings.first?.kind == .payload)
    }
  }

  @Test func aFolderThatDoesNotVerifyLeavesTheLedgerEmpty() async throws {
    let folder = FilledLedger.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await withDatabase { source in
      try await FilledLedger.make(source)
      try FilledLedger.archive(source, to: folder)
    }
    let last = try #require(ExportFolder(folder).manifest().manifest.segments.last)
    let path = ExportFolder(folder).segmentPath(last.sha256)
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[bytes.count - 9] ^= 1
    try bytes.write(to: URL(fileURLWithPath: path))
    try await withDatabase { target in
      #expect(throws: (any Error).self) { _ = try restore(target, folder) }
      let connection = try Connection(target)
      defer { connection.close() }
      for table in ["ledgers", "events", "persons", "seals"] {
        #expect(try connection.execute("SELECT FROM daybook.\(table)").count == 0, "\(table)")
      }
    }
  }

  /// A restore from an older copy of the personal files once would have brought back what was erased since.
  @Test func whatWasErasedSinceDoesNotComeBack() async throws {
    let folder = FilledLedger.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await withDatabase { source in
      try await FilledLedger.make(source)
      try FilledLedger.archive(source, to: folder)
      let segment = try ExportFolder(folder).manifest().manifest.segments[0]
      let personal = URL(fileURLWithPath: ExportFolder(folder).personalPath(segment.sha256))
      let old = try Data(contentsOf: personal)
      try erase(source, position: 7)
      try FilledLedger.archive(source, to: folder)
      #expect(try Data(contentsOf: personal) != old)
      #expect(try ExportVerifier().verify(folder).erased == 1)
      try old.write(to: personal)
      try await withDatabase { target in
        #expect(try restore(target, folder).findings.map(\.kind) == [.erasurePending])
        let report = try verified(target)
        #expect(report.findings == [] && report.erased == 1)
        #expect(try FilledLedger.contents(target)[0] == FilledLedger.contents(source)[0])
      }
    }
  }

  /// As the erasure of the ledger does: an event, and then the emptying that it allows.
  private func erase(_ settings: ConnectionSettings, position: Int64) throws {
    let connection = try Connection(settings)
    defer { connection.close() }
    let head = try LogReader(connection, ledger: "main").head()
    let data = JSON.object(["positions": .array([.integer(position)]), "reason": .text("asked")]).canonical
    var batch = EventBatch()
    let recorded = head.recordedAt!
    batch.append(
      RecordedEvent(
        ledger: "main", position: head.position + 1, id: "erasure", source: "/test", type: "payload.erased",
        typeVersion: 1, subject: "erasure/1", sequence: 1, occurredAt: recorded, recordedAt: recorded, actor: "carol",
        actorKind: .human, data: data,
        payloadHash: EventHash.payload(data: data, derived: nil, personalHash: nil)))
    let statement = batch.statement(ledger: "main")
    try connection.execute(statement.sql, statement.parameters)
    try connection.execute(
      "UPDATE daybook.events SET personal = NULL, salt = NULL WHERE position = $1", [.int64(position)])
  }
}

import Archive
import Control
import Crypto
import Domain
import Exports
import Foundation
import Integrity
import Log
import Postgres
import Projections
import Service
import TestKit
import Testing

/// Whoever is erased, the log's roots, the rules' state and the books stay what they were.
@Suite struct ErasureHistoryTests {
  private static let books = [
    "approval_queue", "budget_status", "daily_spend", "kill_switch_history", "model_pnl", "route_health",
  ]

  /// What the log, the rules and every book say at a position.
  private static func digests(_ settings: ConnectionSettings, at position: Int64) async throws -> [String] {
    let connection = try Connection(settings)
    defer { connection.close() }
    var edge = TreeEdge()
    var filter = LogFilter()
    filter.upTo = position
    try LogReader(connection, ledger: "main").stream(filter) { events in
      for event in events { edge.append(leafHash: EventHash.leaf(entry: EventHash.entry(event))) }
      return true
    }
    let state = try ControlReplay.run(connection, ledger: "main", at: .position(position), fromSnapshot: false)
    var digests = [Hex.string(edge.root), state.digest]
    let queries = BookQueries(settings, catalogue: try ProjectionCatalogue.load())
    var posting = settings
    posting.role = "daybook_projector"
    let runner = ProjectorRunner(posting, catalogue: try ProjectionCatalogue.load())
    let projector = Task { try await runner.run() }
    // A book can be replayed once a projector has made it.
    for book in books {
      while (try? await queries.digest(book, ledger: "main", asOf: .position(1))) == nil {
        try await Task.sleep(for: .milliseconds(20))
      }
      digests.append(try await queries.digest(book, ledger: "main", asOf: .position(position)).sha256)
    }
    projector.cancel()
    _ = await projector.result
    await queries.close()
    return digests
  }

  /// What of the log is personal: positions with a personal part, and those that had one.
  private static func personal(_ settings: ConnectionSettings) throws -> (held: Set<Int64>, had: Set<Int64>) {
    let connection = try Connection(settings)
    defer { connection.close() }
    let rows = try connection.execute(
      "SELECT position, personal IS NOT NULL AND salt IS NOT NULL FROM daybook.events WHERE personal_hash IS NOT NULL"
    )
    let all = (0..<rows.count).map { (rows.int64($0, 0), rows.boolean($0, 1)) }
    return (Set(all.filter(\.1).map(\.0)), Set(all.map(\.0)))
  }

  @Test(
    "random histories: an erasure changes no digest, and empties what it selects, no more and no less",
    arguments: [11, 23, 47])
  func history(seed: UInt64) async throws {
    try await withDatabase { settings in
      var history = try await ErasedHistory(settings, seed: seed)
      for _ in 0..<60 { try await history.step() }
      let position = try await history.head()
      let before = try await Self.digests(settings, at: position)
      for _ in 0..<6 {
        try await history.erase()
        for _ in 0..<5 { try await history.step() }
      }
      #expect(history.erasures > 0)
      #expect(try await Self.digests(settings, at: position) == before)
      let personal = try Self.personal(settings)
      #expect(personal.held == personal.had.subtracting(history.erased))
      #expect(history.erased.isSubset(of: personal.had))
      let connection = try Connection(settings)
      defer { connection.close() }
      #expect(try Verification.run(connection, ledger: "main").findings == [])
      #expect(try DecisionAudit.run(connection, ledger: "main", zones: { _ in .utc }).findings == [])
      await history.ledger.writer.close()
    }
  }

  @Test("an erasure that nobody granted, or of more than was granted, is found by the audit of decisions")
  func forged() async throws {
    try await withDatabase { settings in
      var history = try await ErasedHistory(settings, seed: 5)
      for _ in 0..<30 { try await history.step() }
      while history.erasures == 0 { try await history.erase() }
      func findings() throws -> Int {
        let connection = try Connection(settings)
        defer { connection.close() }
        return try DecisionAudit.run(connection, ledger: "main", zones: { _ in .utc }).findings.count
      }
      #expect(try findings() == 0)
      await history.ledger.writer.close()
      // A rightful one's copy, which no approval leads to.
      let connection = try Connection(settings)
      let id = try connection.execute("SELECT id FROM daybook.events WHERE type = 'payload.erased' LIMIT 1").string(
        0, 0)
      connection.close()
      try history.ledger.forgeCopy(of: id, as: "forged", ["data": "data || '{\"erasure\": \"forged\"}'"])
      #expect(try findings() > 0)
    }
  }

  @Test("an archive rewrites its personal files, and a restore of it brings nobody back")
  func archive() async throws {
    let folder = FilledLedger.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await withDatabase { settings in
      var history = try await ErasedHistory(settings, seed: 77)
      // More than one segment: the last one is written anew, and its personal file with it.
      for _ in 0..<200 { try await history.step() }
      try FilledLedger.archive(settings, to: folder)
      let older = folder + "-older"
      defer { try? FileManager.default.removeItem(atPath: older) }
      try FileManager.default.copyItem(atPath: folder, toPath: older)
      try await history.erase(user: ErasedHistory.names[1])
      let session = "\(ErasedHistory.names[1]), session"
      try FilledLedger.archive(settings, to: folder)
      var verifier = ExportVerifier()
      verifier.keys = [FilledLedger.signer.key]
      let report = try verifier.verify(folder)
      #expect(report.findings == [] && report.erased == Int64(history.erased.count))
      #expect(try Self.mentions(session, in: older) && !Self.mentions(session, in: folder))
      // The personal files of the older copy beside the newer log: whose names come back is the log's say.
      for name in try FileManager.default.contentsOfDirectory(atPath: older + "/personal") {
        let place = folder + "/personal/" + name
        if FileManager.default.fileExists(atPath: place) {
          try FileManager.default.removeItem(atPath: place)
          try FileManager.default.copyItem(atPath: older + "/personal/" + name, toPath: place)
        }
      }
      #expect(try Self.mentions(session, in: folder))
      try await withDatabase { target in
        var writer = target
        writer.role = "daybook_writer"
        let connection = try Connection(writer)
        defer { connection.close() }
        let restored = try LogImporter.run(connection, folder, ledger: "main", verifier: ExportVerifier())
        #expect(restored.root == report.root)
        #expect(!(try FilledLedger.contents(target).joined().contains(session)))
        #expect(try FilledLedger.contents(target) == FilledLedger.contents(settings))
      }
      await history.ledger.writer.close()
    }
  }

  /// Whether a name stands in a folder's personal files.
  private static func mentions(_ name: String, in folder: String) throws -> Bool {
    let export = ExportFolder(folder)
    let manifest = try export.manifest().manifest
    let contents = SegmentContents(export, ledger: manifest.ledger)
    return try manifest.segments.contains { segment in
      let beside = try contents.beside(segment)
      return beside.parts.values.contains { String(decoding: $0.part, as: UTF8.self).contains(name) }
        || beside.persons.contains { $0.value.contains(name) }
    }
  }
}

import Exports
import Foundation
import Log
import Postgres
import Projections
import TestKit
import Testing

@testable import Archive

/// A log that was taken to another machine says the same there, at every position.
@Suite struct TwoMachinesTests {
  private struct Steps: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 33)
    }
  }

  /// Digests of every book and of what the rules know, at some positions.
  private func digests(
    _ settings: ConnectionSettings, at positions: [Int64], fromSnapshot: Bool
  ) async throws -> [String] {
    let catalogue = try ProjectionCatalogue.load()
    let books = BookQueries(settings, catalogue: catalogue)
    var digests: [String] = []
    for position in positions {
      for book in catalogue.definitions.map(\.name) {
        let digest = try await books.digest(
          book, ledger: "main", asOf: .position(position), fromSnapshot: fromSnapshot)
        digests.append("\(book) at \(position): \(digest.sha256), \(digest.rows) rows")
      }
      let connection = try Connection(settings)
      defer { connection.close() }
      let control = try ControlReplay.run(
        connection, ledger: "main", at: .position(position), fromSnapshot: fromSnapshot)
      digests.append("control at \(position): \(control.digest)")
    }
    await books.close()
    return digests
  }

  /// Posts all books, with snapshots at so many positions, until they stand at the head.
  private func post(_ settings: ConnectionSettings, interval: Int64) async throws {
    var limits = ProjectorLimits()
    limits.snapshotInterval = interval
    let runner = ProjectorRunner(settings, catalogue: try ProjectionCatalogue.load(), limits: limits)
    let projector = Task { try await runner.run() }
    let connection = try Connection(settings)
    defer { connection.close() }
    let deadline = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < deadline {
      let books = try BookStatus.read(connection).filter { $0.ledger == "main" }
      if !books.isEmpty, books.allSatisfy({ $0.position == $0.head && $0.head > 0 }) { break }
      try await Task.sleep(for: .milliseconds(30))
    }
    projector.cancel()
    _ = await projector.result
  }

  @Test func theDigestsOfAllBooksAndOfTheRulesAreEqualThereAndHere() async throws {
    let folder = FilledLedger.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let elsewhere = TestCluster.own()
    defer { elsewhere.remove() }
    try await withDatabase { source in
      try await FilledLedger.make(source, completions: 250)
      try FilledLedger.archive(source, to: folder)
      try await post(source, interval: 40)
      try await elsewhere.withDatabase { target in
        var writing = target
        writing.role = "daybook_writer"
        let connection = try Connection(writing)
        _ = try LogImporter.run(connection, folder, ledger: "main", verifier: ExportVerifier())
        connection.close()
        // Other places for snapshots: they must not matter.
        try await post(target, interval: 70)
        var random = Steps(state: 71)
        let positions = [1, 301] + (0..<2).map { _ in Int64.random(in: 2...300, using: &random) }
        let here = try await digests(source, at: positions, fromSnapshot: true)
        #expect(try await digests(target, at: positions, fromSnapshot: true) == here)
        #expect(try await digests(target, at: positions, fromSnapshot: false) == here)
        #expect(Set(here).count > 20, "the digests tell positions apart")
      }
    }
  }
}

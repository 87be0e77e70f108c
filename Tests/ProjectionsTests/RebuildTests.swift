import Domain
import Postgres
import TestKit
import Testing

@testable import Projections

@Suite("Rebuilding")
struct RebuildTests {
  @Test("while events arrive gives the same digest, swaps at once and loses nothing")
  func underLoad() async throws {
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      let history = RandomHistory(seed: 31, count: 2_000)
      try bench.scribe.append(Array(history.events.prefix(1_000)))
      try await bench.posting {
        try await bench.settled()
        let rebuild = Task { try await Rebuild.run(settings, projection: "daily_spend", limits: BookBench.limits) }
        for start in stride(from: 1_000, to: 2_000, by: 50) {
          try bench.scribe.append(Array(history.events[start..<start + 50]))
          let rows = try await bench.rows(
            BookRequest(ledger: "main", projection: "daily_spend", parameters: [("group_by", "day")]))
          #expect(!rows.isEmpty, "the book answers all the time")
        }
        let result = try await rebuild.value
        #expect(result.differing == [])
        #expect(result.version == 3)
        try await bench.settled()
        try bench.scribe.append(RandomHistory(seed: 32, count: 1).events)
        try await bench.settled()
      }
      #expect(try BookDifference.reconcile(bench.connection, ledger: "main") == [])
      let schemas = try bench.connection.execute(
        "SELECT nspname::text FROM pg_namespace WHERE nspname LIKE 'book\\_daily%'")
      #expect(schemas.count == 1)
      #expect(schemas.string(0, 0) == "book_daily_spend_v3_b2")
      let view = try bench.connection.execute("SELECT sum(calls)::bigint FROM books.daily_spend")
      let table = try bench.connection.execute("SELECT sum(calls)::bigint FROM book_daily_spend_v3_b2.daily_spend")
      #expect(view.int64(0, 0) == table.int64(0, 0))
    }
  }

  @Test("keeps a live book that differs, and replaces it when told to")
  func differing() async throws {
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      try bench.scribe.append(RandomHistory(seed: 33, count: 300).events)
      try await bench.posting { try await bench.settled() }
      try bench.connection.execute("UPDATE book_daily_spend_v3.daily_spend SET calls = calls + 1")
      #expect(try !BookDifference.reconcile(bench.connection, ledger: "main").isEmpty)
      let error = await #expect(throws: ProjectionError.self) {
        try await Rebuild.run(settings, projection: "daily_spend", limits: BookBench.limits)
      }
      #expect(error?.code == .differs)
      let result = try await Rebuild.run(
        settings, projection: "daily_spend", replacesDiffering: true, limits: BookBench.limits)
      #expect(result.differing == ["main"])
      #expect(try BookDifference.reconcile(bench.connection, ledger: "main") == [])
    }
  }

  @Test("of a book that is not there is refused")
  func unknown() async throws {
    try await withDatabase { settings in
      let error = await #expect(throws: ProjectionError.self) {
        try await Rebuild.run(settings, projection: "nothing")
      }
      #expect(error?.code == .unknownBook)
    }
  }

  @Test("a new version happens beside the old one, which serves until the swap")
  func newVersion() async throws {
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      try bench.scribe.append((0..<400).map { ShopProjection.sale("a", "2", $0) })
      let first = try await ShopProjection.withFolder { try ProjectionCatalogue.load(extraFolders: [$0]) }
      try await bench.posting(first) {
        try await bench.eventually { try shop(bench)?.position == 400 }
      }
      let second = try await ShopProjection.withFolder(version: 2, factor: 10) {
        try ProjectionCatalogue.load(extraFolders: [$0])
      }
      let reports = ReportBox()
      try await bench.posting(second, reports: reports) {
        try await bench.eventually { try shop(bench)?.version == 2 }
        try await bench.eventually { reports.all.contains(.live(projection: "shop", version: 2)) }
      }
      let rows = try await bench.rows(BookRequest(ledger: "main", projection: "shop"))
      #expect(rows.first?["sold"]?.integer == 4_000)
      // An older binary follows what is live.
      try await bench.posting(first) {
        try bench.scribe.append([ShopProjection.sale("a", "2", 400)])
        try await bench.eventually { try shop(bench)?.position == 401 }
      }
      #expect(try shop(bench)?.version == 2)
    }
  }

  private func shop(_ bench: BookBench) throws -> BookStatus? {
    try BookStatus.read(bench.connection).first { $0.projection == "shop" }
  }

  @Test("is asked for by a version: a changed fold under the same version is an error")
  func changedDefinition() async throws {
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      let first = try await ShopProjection.withFolder { try ProjectionCatalogue.load(extraFolders: [$0]) }
      let registry = ProjectionRegistry()
      let connection = try PostingConnection.open(settings, BookBench.limits)
      _ = try registry.register(first, on: connection)
      _ = try registry.register(first, on: connection)
      let changed = try await ShopProjection.withFolder(factor: 2) {
        try ProjectionCatalogue.load(extraFolders: [$0])
      }
      let error = #expect(throws: ProjectionError.self) { try registry.register(changed, on: connection) }
      #expect(error?.code == .definitionChanged)
      #expect(error?.message.contains("raise the version") == true)
      withExtendedLifetime(bench) {}
    }
  }
}

import Domain
import Postgres
import TestKit
import Testing

@testable import Projections

@Suite("Snapshots of books")
struct SnapshotTests {
  static let books = [
    "approval_queue", "budget_status", "daily_spend", "kill_switch_history", "model_pnl", "route_health",
  ]
  /// Snapshots at every multiple of 50, in batches that do not fall on them by themselves.
  static let limits: ProjectorLimits = {
    var limits = BookBench.limits
    limits.snapshotInterval = 50
    return limits
  }()

  @Test("as of random positions give what was there live, and what a replay from the first event gives")
  func equalsLiveAndScratch() async throws {
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      let history = RandomHistory(seed: 61, count: 400).events
      var random = SeededGenerator(seed: 62)
      let notes = Notes()
      let queries = BookQueries(settings, catalogue: try ProjectionCatalogue.load()) { notes.add($0) }
      var live: [Int64: [BookDigest]] = [:]
      let reports = ReportBox()
      try await bench.posting(limits: Self.limits, reports: reports) {
        var start = 0
        while start < history.count {
          let end = min(history.count, start + Int.random(in: 1...90, using: &random))
          try bench.scribe.append(Array(history[start..<end]))
          start = end
          try await bench.settled()
          for book in Self.books {
            live[Int64(end), default: []].append(try await queries.digest(book, ledger: "main"))
          }
        }
      }
      #expect(try positions(bench, "daily_spend") == Array(stride(from: 50, through: 400, by: 50)))
      #expect(reports.all.allSatisfy { if case .notice = $0 { false } else { true } }, "\(reports.all)")
      for (position, digests) in live {
        for digest in digests {
          let quick = try await queries.digest(digest.projection, ledger: "main", asOf: .position(position))
          #expect(quick == digest)
        }
      }
      for _ in 0..<4 {
        let position = Int64.random(in: 0...400, using: &random)
        for book in Self.books {
          let quick = try await queries.digest(book, ledger: "main", asOf: .position(position))
          let slow = try await queries.digest(book, ledger: "main", asOf: .position(position), fromSnapshot: false)
          #expect(quick == slow, "\(book) at \(position)")
        }
      }
      #expect(notes.all.isEmpty, "\(notes.all)")
      await queries.close()
    }
  }

  @Test("are what a replay starts from: rows that only the snapshot has are in its answer")
  func isUsed() async throws {
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      try bench.scribe.append(RandomHistory(seed: 63, count: 120).events)
      try await bench.posting(limits: Self.limits) { try await bench.settled() }
      // The log no longer has what the snapshot was made of, as far as the fold can see.
      try bench.connection.script(
        """
        SET session_replication_role = replica;
        ALTER TABLE daybook.events DISABLE TRIGGER ALL;
        UPDATE daybook.events SET type = 'x.gone' WHERE position <= 100;
        """)
      let queries = BookQueries(settings, catalogue: try ProjectionCatalogue.load())
      let quick = try await queries.digest("daily_spend", ledger: "main", asOf: .position(120))
      #expect(try await queries.digest("daily_spend", ledger: "main") == quick)
      let slow = try await queries.digest("daily_spend", ledger: "main", asOf: .position(120), fromSnapshot: false)
      #expect(slow.sha256 != quick.sha256)
      await queries.close()
    }
  }

  /// Each is done to the snapshot at 100 alone.
  private static let damages = [
    "content = set_byte(content, octet_length(content) / 2, 255 - get_byte(content, octet_length(content) / 2))",
    "content = substring(content FOR octet_length(content) - 9)",
    "content = ''",
    "tables = '[]'",
    "tables = jsonb_set(tables, '{0,rows}', '0')",
    "tables = jsonb_set(tables, '{0,columns,0}', '\"calls\"')",
    "digest = sha256('x')",
    // A sound snapshot of another position.
    """
    (tables, content, digest) = (
      SELECT tables, content, digest FROM daybook.book_snapshots WHERE position = 50 AND projection = 'daily_spend')
    """,
  ]

  @Test("that are damaged are named and passed over, and the answer stays right")
  func damaged() async throws {
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      try bench.scribe.append(RandomHistory(seed: 64, count: 130).events)
      try await bench.posting(limits: Self.limits) { try await bench.settled() }
      let notes = Notes()
      let queries = BookQueries(settings, catalogue: try ProjectionCatalogue.load()) { notes.add($0) }
      let right = try await queries.digest("daily_spend", ledger: "main")
      try bench.connection.script("ALTER TABLE daybook.book_snapshots DISABLE TRIGGER ALL")
      try bench.connection.script("CREATE TABLE kept AS SELECT * FROM daybook.book_snapshots")
      for (number, damage) in Self.damages.enumerated() {
        try bench.connection.script(
          """
          DELETE FROM daybook.book_snapshots;
          INSERT INTO daybook.book_snapshots SELECT * FROM kept;
          UPDATE daybook.book_snapshots SET \(damage) WHERE position = 100 AND projection = 'daily_spend'
          """)
        let answer = try await queries.digest("daily_spend", ledger: "main", asOf: .position(130))
        #expect(answer == right, "\(damage)")
        #expect(notes.all.count == number + 1, "\(damage)")
        #expect(notes.all.last?.contains("daily_spend of main at position 100 is damaged") == true, "\(notes.all)")
      }
      await queries.close()
    }
  }

  @Test("that cannot be kept are told, and posting goes on")
  func cannotBeKept() async throws {
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      try bench.connection.script("REVOKE INSERT ON daybook.book_snapshots FROM daybook_projector")
      try bench.scribe.append(RandomHistory(seed: 65, count: 120).events)
      let reports = ReportBox()
      try await bench.posting(limits: Self.limits, reports: reports) { try await bench.settled() }
      let told = reports.all.filter {
        if case .notice(let text) = $0 {
          text.hasPrefix("no snapshot of daily_spend of main at position ")
        } else {
          false
        }
      }
      #expect(told.count == 2)
      #expect(try BookDifference.reconcile(bench.connection, ledger: "main") == [])
    }
  }

  @Test("of a process that dies in the middle of one are not there, nor is the batch")
  func crash() async throws {
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      let history = RandomHistory(seed: 66, count: 100).events
      try bench.scribe.append(Array(history.prefix(40)))
      try await bench.posting(limits: Self.limits) { try await bench.settled() }
      // Whoever keeps a snapshot waits for this lock, with the batch posted and nothing committed; then its backend dies.
      let blocker = try Connection(settings)
      try blocker.script("BEGIN; LOCK TABLE daybook.book_snapshots IN ACCESS EXCLUSIVE MODE")
      try bench.scribe.append(Array(history.suffix(60)))
      try await bench.posting(limits: Self.limits) {
        try await bench.eventually { try waiting(bench) >= 6 }
        try bench.connection.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted AND relation = 'daybook.book_snapshots'::regclass"
        )
        try bench.connection.execute("SELECT pg_sleep(0.05)")
        let cursors = try bench.connection.execute(
          "SELECT max(position) FROM daybook.cursors WHERE ledger_id = 'main'")
        #expect(cursors.int64(0, 0) == 40)
        try blocker.script("ROLLBACK")
        try await bench.settled()
      }
      #expect(try positions(bench, "daily_spend") == [50, 100])
      #expect(try BookDifference.reconcile(bench.connection, ledger: "main") == [])
    }
  }

  @Test("a book that has many bytes for each event is copied half as often, and again")
  func spacing() async throws {
    let schedule = SnapshotSchedule(interval: 250_000) { _ in }
    let cases: [(Int64, Int64)] = [
      (0, 250_000), (8_000_000, 250_000), (8_000_032, 500_000), (16_000_032, 1_000_000), (256 << 20, 16_000_000),
    ]
    for (bytes, spacing) in cases { #expect(schedule.spacing(bytes: bytes) == spacing) }
    let often = SnapshotSchedule(interval: 50) { _ in }
    #expect(often.spacing(bytes: 1 << 20) == 50 && often.spacing(bytes: 1 << 20 + 1) == 51_200)
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      try bench.scribe.append(RandomHistory(seed: 64, count: 100).events)
      try await bench.posting(limits: Self.limits) { try await bench.settled() }
      #expect(try positions(bench, "daily_spend") == [50, 100])
      // The newest is large now.
      try bench.connection.execute(
        """
        INSERT INTO daybook.book_snapshots
          (ledger_id, projection, build, position, definition_checksum, tables, content, digest)
        SELECT ledger_id, projection, build, 120, definition_checksum,
          jsonb_build_array((tables -> 0) || '{"bytes": 2000000}'), content, digest
        FROM daybook.book_snapshots WHERE projection = 'daily_spend' AND position = 100
        """)
      try bench.scribe.append(RandomHistory(seed: 65, count: 100).events)
      try await bench.posting(limits: Self.limits) { try await bench.settled() }
      #expect(try positions(bench, "daily_spend") == [50, 100, 120])
      #expect(try positions(bench, "route_health") == [50, 100, 150, 200])
    }
  }

  private func waiting(_ bench: BookBench) throws -> Int64 {
    try bench.connection.execute(
      "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'daybook.book_snapshots'::regclass"
    ).int64(0, 0)
  }

  @Test("are taken by rebuilds too, which replace those of the book before; a new definition has only its own")
  func rebuilds() async throws {
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      try bench.scribe.append(RandomHistory(seed: 67, count: 230).events)
      try await bench.posting { try await bench.settled() }
      #expect(try positions(bench, "daily_spend") == [])
      _ = try await Rebuild.run(settings, projection: "daily_spend", limits: Self.limits)
      #expect(try positions(bench, "daily_spend", build: 2) == [50, 100, 150, 200])
      _ = try await Rebuild.run(settings, projection: "daily_spend", limits: Self.limits)
      #expect(try positions(bench, "daily_spend", build: 2) == [])
      #expect(try positions(bench, "daily_spend", build: 3) == [50, 100, 150, 200])

      try bench.scribe.append((0..<200).map { ShopProjection.sale("a", "2", $0) })
      let first = try await ShopProjection.withFolder { try ProjectionCatalogue.load(extraFolders: [$0]) }
      try await bench.posting(first, limits: Self.limits) {
        try await bench.eventually { try positions(bench, "shop").last == 400 }
      }
      let second = try await ShopProjection.withFolder(version: 2, factor: 10) {
        try ProjectionCatalogue.load(extraFolders: [$0])
      }
      try await bench.posting(second, limits: Self.limits) {
        try await bench.eventually {
          try BookStatus.read(bench.connection).contains { $0.projection == "shop" && $0.version == 2 }
        }
      }
      #expect(try positions(bench, "shop") == [])
      #expect(try positions(bench, "shop", build: 2) == Array(stride(from: 50, through: 400, by: 50)))
      let queries = BookQueries(settings, catalogue: second)
      let quick = try await queries.digest("shop", ledger: "main", asOf: .position(430))
      #expect(try await queries.digest("shop", ledger: "main") == quick)
      await queries.close()
    }
  }

  @Test("are thinned out evenly, and the newest stays")
  func retention() throws {
    let positions = (1...20).map { Int64($0) * 50 }
    #expect(BookSnapshot.surplus(positions, interval: 50, most: 20) == [])
    let left = { (most: Int) in
      positions.filter { !BookSnapshot.surplus(positions, interval: 50, most: most).contains($0) }
    }
    #expect(left(19) == stride(from: 100, through: 1000, by: 100).map { $0 })
    #expect(left(6) == [200, 400, 600, 800, 1000])
    #expect(left(3) == [400, 800, 1000])
    #expect(BookSnapshot.surplus([50, 100, 110], interval: 50, most: 1) == [50, 100])
  }

  @Test("cannot be changed, and the newest of a live build cannot be removed")
  func appendOnly() async throws {
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      try bench.scribe.append(RandomHistory(seed: 68, count: 130).events)
      try await bench.posting(limits: Self.limits) { try await bench.settled() }
      for change in [
        "UPDATE daybook.book_snapshots SET taken_at = now()", "TRUNCATE daybook.book_snapshots",
        "DELETE FROM daybook.book_snapshots WHERE position = 100",
      ] {
        let error = #expect(throws: PostgresError.self, "\(change)") { try bench.connection.execute(change) }
        #expect(error?.sqlState == "DB001")
      }
      try bench.connection.execute("DELETE FROM daybook.book_snapshots WHERE position = 50")
      #expect(try positions(bench, "daily_spend") == [100])
    }
  }

  private func positions(_ bench: BookBench, _ projection: String, build: Int64 = 1) throws -> [Int64] {
    let rows = try bench.connection.execute(
      "SELECT position FROM daybook.book_snapshots WHERE projection = $1 AND build = $2::bigint AND ledger_id = 'main' ORDER BY 1",
      [.text(projection), .int64(build)])
    return (0..<rows.count).map { rows.int64($0, 0) }
  }
}

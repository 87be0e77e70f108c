import Domain
import Postgres
import TestKit
import Testing

@testable import Projections

@Suite("Posting")
struct PostingTests {
  @Test("by two projectors at once counts every event once, while events arrive")
  func twoProjectors() async throws {
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      let history = RandomHistory(seed: 21, count: 2_000)
      let reports = ReportBox()
      try await bench.posting(reports: reports) {
        try await bench.posting(reports: reports) {
          for start in stride(from: 0, to: history.events.count, by: 61) {
            try bench.scribe.append(Array(history.events[start..<min(start + 61, history.events.count)]))
          }
          try await bench.settled()
          // Whoever came second says so.
          try await bench.eventually { reports.all.contains { if case .lockDenied = $0 { true } else { false } } }
        }
      }
      #expect(try BookDifference.reconcile(bench.connection, ledger: "main") == [])
      let rows = try await bench.rows(
        BookRequest(ledger: "main", projection: "daily_spend", parameters: [("group_by", "day")]))
      let calls = rows.reduce(0) { $0 + ($1["calls"]?.integer ?? 0) }
      let expected = BookOracle.spend(history.events) { _, _ in [] }
      #expect(Int128(calls) == expected[[]]?.sums["calls"])
    }
  }

  @Test("loses a race without posting: the cursor moves by compare-and-set")
  func lostRace() async throws {
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      try bench.scribe.append(RandomHistory(seed: 3, count: 200).events)
      let catalogue = try ProjectionCatalogue.load()
      let connection = try PostingConnection.open(settings, BookBench.limits)
      let registry = ProjectionRegistry()
      _ = try registry.register(catalogue, on: connection)
      let build = try #require(try registry.live("daily_spend", on: connection))
      _ = try CursorSweep.read(build, on: connection)
      let batch = BatchPost(build: build, ledger: "main")
      #expect(try batch.post(0, 100, clearingFault: false, on: connection))
      #expect(try !batch.post(0, 100, clearingFault: false, on: connection))
      #expect(try batch.post(100, 200, clearingFault: false, on: connection))
      #expect(
        try BookDifference.reconcile(bench.connection, ledger: "main").filter { $0.projection == "daily_spend" } == []
      )
    }
  }

  @Test("takes in ledgers that appear while it runs, each by itself")
  func newLedgers() async throws {
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      let catalogue = try ProjectionCatalogue.load()
      try await bench.posting(catalogue) {
        try bench.scribe.append(RandomHistory(seed: 1, count: 100).events)
        try await bench.settled()
        let other = try LedgerScribe(bench.connection, ledger: "other")
        try other.append(RandomHistory(seed: 2, count: 150).events)
        try await bench.eventually {
          let status = try BookStatus.read(bench.connection)
          return status.count { $0.ledger == "other" && $0.position == 150 } == 11
        }
      }
      for ledger in ["main", "other"] {
        #expect(try BookDifference.reconcile(bench.connection, ledger: ledger) == [])
      }
    }
  }

  @Test("takes for a flood what comes faster than its pace for a while, and for none what follows slower")
  func flood() {
    let start = ContinuousClock.now
    var gauge = FloodGauge(at: start)
    // So many events posted so long after the start, and whether a flood is told then.
    let notes: [(events: Int64, milliseconds: Int64, isFlood: Bool)] = [
      // One large append, and five thousand a second.
      (10_000, 100, false), (5_000, 2_000, false), (10_000, 4_000, false),
      // Ten thousand a second, told when the time is up, and kept up in large batches.
      (10_000, 5_000, false), (10_000, 6_000, true), (32_000, 10_000, true),
      // Five thousand a second again, which had gathered as long.
      (20_000, 14_000, false), (100, 14_020, false), (0, 60_000, false),
    ]
    for note in notes {
      gauge.note(note.events, at: start + .milliseconds(note.milliseconds))
      #expect(gauge.isFlood == note.isFlood, "\(note)")
    }
    // While a flood gathers, it is over as soon as few events come; that many do is none yet.
    for (events, isFlood) in [(8_000, true), (30_000, true), (7_999, false), (30_000, false)] as [(Int64, Bool)] {
      if isFlood { gauge.note(90_000, at: start + .seconds(70)) }
      gauge.note(gathered: events, in: .seconds(1))
      #expect(gauge.isFlood == isFlood, "\(events)")
    }
  }

  @Test("stops in front of an event that cannot be posted, shows it, and goes on once a person skips it")
  func poison() async throws {
    try await ShopProjection.withFolder { folder in
      try await withDatabase { settings in
        let bench = try BookBench(settings)
        let catalogue = try ProjectionCatalogue.load(extraFolders: [folder])
        let reports = ReportBox()
        var events = (0..<150).map { ShopProjection.sale("a", "1.50", $0) }
        events[99] = ShopProjection.sale("a", "not a number", 99)
        try bench.scribe.append(events)
        try await bench.posting(catalogue, reports: reports) {
          try await bench.eventually {
            try BookStatus.read(bench.connection).contains { $0.projection == "shop" && $0.state == .stopped }
          }
          let status = try #require(try BookStatus.read(bench.connection).first { $0.projection == "shop" })
          #expect(status.position == 99)
          #expect(status.lagPositions == 51)
          #expect(status.lagSeconds > 0)
          #expect(status.fault?.position == 100)
          #expect(status.fault?.sqlState == "22P02")
          // What is told follows what is committed.
          try await bench.eventually {
            reports.all.contains { if case .stopped("shop", "main", _) = $0 { true } else { false } }
          }
          try await bench.eventually {
            let others = try BookStatus.read(bench.connection).filter { $0.projection != "shop" }
            return others.count == 11 && others.allSatisfy { $0.position == 150 && $0.state == .current }
          }
          let before = try await bench.rows(BookRequest(ledger: "main", projection: "shop"))
          #expect(before.first?["sold"]?.integer == 99)

          try bench.scribe.append([skip(position: 100)])
          try await bench.eventually {
            try BookStatus.read(bench.connection).contains { $0.projection == "shop" && $0.position == 151 }
          }
          #expect(try BookStatus.read(bench.connection).allSatisfy { $0.fault == nil })
          try await bench.eventually { reports.all.contains(.resumed(projection: "shop", ledger: "main")) }
        }
        let rows = try await bench.rows(BookRequest(ledger: "main", projection: "shop"))
        #expect(rows.first?["sold"]?.integer == 149)
        #expect(rows.first?["income"]?.string == "223.5")

        // A rebuild and a replay meet the same event and skip it for the same reason.
        let result = try await Rebuild.run(settings, projection: "shop", limits: BookBench.limits)
        #expect(result.differing == [])
        // With batches that hold the whole log the event is first met by the swap itself, which posts the last few at
        // once: such a rebuild failed for ever.
        let large = try await Rebuild.run(settings, projection: "shop")
        #expect(large.differing == [])
        let queries = BookQueries(settings, catalogue: catalogue)
        let live = try await queries.digest("shop", ledger: "main")
        #expect(try await queries.digest("shop", ledger: "main", asOf: .position(151)) == live)
        await queries.close()
      }
    }
  }

  private func skip(position: Int64) -> LoggedEvent {
    LoggedEvent(
      type: "projection.event_skipped", subject: "projection/shop",
      data: members([
        "projection": .text("shop"), "version": .integer(1), "position": .integer(position),
        "reason": .text("mistyped"),
      ]))
  }

  @Test("comes back by itself after its connections were ended")
  func reconnects() async throws {
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      try await bench.posting {
        try bench.scribe.append(RandomHistory(seed: 4, count: 120).events)
        try await bench.settled()
        try bench.connection.execute(
          """
          SELECT pg_terminate_backend(pid)
          FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = 'daybook projector'
          """)
        try bench.scribe.append(RandomHistory(seed: 4, count: 121).events.suffix(1))
        try await bench.settled()
      }
      #expect(try BookDifference.reconcile(bench.connection, ledger: "main") == [])
    }
  }

  @Test("is named as holder while it runs, and missed when it does not")
  func holder() async throws {
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      try bench.scribe.append(RandomHistory(seed: 4, count: 20).events)
      try await bench.posting {
        try await bench.settled()
        let status = try BookStatus.read(bench.connection)
        #expect(status.allSatisfy { $0.state == .current && $0.holder?.hasPrefix("daybook projector") == true })
        #expect(status.allSatisfy { $0.lagPositions == 0 && $0.lagSeconds == 0 })
        #expect(status.allSatisfy { $0.headRecordedTime == LedgerScribe.recordedTime(20) })
      }
      #expect(try BookStatus.read(bench.connection).allSatisfy { $0.state == .unattended })
    }
  }
}

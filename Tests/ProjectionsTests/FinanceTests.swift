import Domain
import Foundation
import Postgres
import TestKit
import Testing

@testable import Projections

@Suite("The books of finance")
struct FinanceTests {
  private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "tools/recompute_books.py").path

  /// Each query with the parameters under which another program gives the same rows.
  private static let queries: [(book: String, query: String, groupBy: String?, name: String)] = [
    ("daily_spend", "by_key", nil, "daily_spend"), ("model_pnl", "by_model", "day,model", "model_pnl"),
    ("strategy_pnl", "by_strategy", "day,strategy", "strategy_pnl"),
    ("operation_pnl", "by_operation", "day,operation", "operation_pnl"),
    ("trial_balance", "balance", "day,account", "trial_balance"),
    ("reconciliation", "by_key", "day,provider,model", "reconciliation"),
    ("reconciliation", "invoices", nil, "reconciliation_invoices"),
    ("reconciliation", "exchange_differences", nil, "exchange_differences"),
  ]

  private func python(_ lines: [UInt8]) async throws -> JSON {
    let folder = FileManager.default.temporaryDirectory.appending(path: "books-\(UInt64.random(in: 0...UInt64.max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let input = folder.appending(path: "events.ndjson")
    let output = folder.appending(path: "books.json")
    try Data(lines).write(to: input)
    try Data().write(to: output)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", Self.script, input.path]
    process.standardOutput = try FileHandle(forWritingTo: output)
    try process.run()
    while process.isRunning { try await Task.sleep(for: .milliseconds(10)) }
    #expect(process.terminationStatus == 0)
    return try JSON(parsing: [UInt8](try Data(contentsOf: output)), limits: JSONLimits(depth: 64, bytes: 64 << 20))
  }

  private func text(_ row: JSON, _ keys: some Sequence<ExactText>) -> String {
    let members = row.members ?? [:]
    return String(
      decoding: JSON.object(Dictionary(uniqueKeysWithValues: keys.map { ($0, members[$0] ?? .text("missing")) }))
        .canonical, as: UTF8.self)
  }

  private func compare(_ bench: BookBench, _ history: FinanceHistory, at position: Int64?) async throws {
    let expected = try await python(history.lines(Int(position ?? Int64(history.events.count))))
    for query in Self.queries {
      let rows = try await bench.rows(
        BookRequest(
          ledger: "main", projection: query.book, query: query.query,
          parameters: query.groupBy.map { [(name: "group_by", value: $0)] } ?? [],
          asOf: position.map { .position($0) }))
      let theirs = try #require(expected[query.name]?.elements)
      #expect(theirs.count > 5 || position != nil)
      let keys = (theirs.first?.members ?? [:]).keys.sorted()
      let found = Set(rows.map { text($0, keys) })
      let wanted = Set(theirs.map { text($0, keys) })
      #expect(rows.count == theirs.count, "\(query.name) at \(position ?? 0)")
      let surplus = found.subtracting(wanted).sorted().prefix(3)
      let missing = wanted.subtracting(found).sorted().prefix(3)
      #expect(surplus.isEmpty && missing.isEmpty, "\(query.name): \(surplus) instead of \(missing)")
    }
  }

  private static let zones: [(seed: UInt64, zone: ReportingZone)] = [
    (1, .utc), (2, FinanceHistory.newYork), (3, FinanceHistory.kathmandu),
  ]

  @Test(
    "equal two recomputations, in Swift and in Python, at several positions", arguments: [0, 1, 2] as [Int])
  func equalRecomputation(index: Int) async throws {
    let (seed, zone) = Self.zones[index]
    let history = FinanceHistory(seed: seed, count: 450, zone: zone)
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      try bench.scribe.append(history.events)
      try await bench.posting { try await bench.settled() }
      #expect(try BookDifference.reconcile(bench.connection, ledger: "main") == [])
      try await compare(bench, history, at: nil)
      try await compareOracle(bench, history)
      var random = SeededGenerator(seed: seed &+ 100)
      for position in [Int64.random(in: 50..<220, using: &random), Int64.random(in: 220..<449, using: &random)] {
        try await compare(bench, history, at: position)
      }
    }
  }

  private func compareOracle(_ bench: BookBench, _ history: FinanceHistory) async throws {
    let postings = FinanceOracle.postings(history.events)
    let categories = ["revenue", "ai_inference", "vm", "api_service", "other"]
    let names = categories.flatMap { ["\($0)_direct", "\($0)_allocated"] } + ["inference_cost"]
    for (book, key, scope) in [
      ("model_pnl", "model", ["strategy"]), ("strategy_pnl", "strategy", ["model"]),
      ("operation_pnl", "operation", ["strategy", "model"]),
    ] {
      let expected = FinanceOracle(postings, by: key, within: scope).rows
      let rows = try await bench.rows(
        BookRequest(ledger: "main", projection: book, parameters: [(name: "group_by", value: "day,\(key)")]))
      var compared = 0
      for row in rows {
        let place = ["day", key, "currency"].map { ExactText(row[$0]?.string ?? "") }
        let sums = expected[place]?.sums ?? [:]
        #expect(row["calls"]?.integer.map { Int128($0) } == sums["calls", default: 0])
        guard row["currency"]?.string != "XXX" else { continue }
        for name in names {
          #expect(
            row[name]?.string.flatMap { Amount($0) }?.units == sums[name, default: 0], "\(book) \(place) \(name)")
          compared += 1
        }
      }
      #expect(compared > 300)
      let something = expected.values.filter { $0.sums.values.contains { $0 != 0 } }
      #expect(rows.count >= something.count)
    }
    let accounts = FinanceOracle.accounts(postings)
    let rows = try await bench.rows(
      BookRequest(ledger: "main", projection: "trial_balance", parameters: [(name: "group_by", value: "day,account")])
    )
    #expect(rows.count == accounts.count)
    for row in rows {
      let place = ["day", "account", "currency"].map { ExactText(row[$0]?.string ?? "") }
      let sides = ["debit", "credit"].map { row[$0]?.string.flatMap { Amount($0) }?.units }
      #expect(sides == accounts[place]?.map { $0 }, "\(place)")
    }
  }

  @Test("balance, and agree with the log, wherever they stand; and give the same rows however the log is cut")
  func everyPosition() async throws {
    let history = FinanceHistory(seed: 11, count: 240)
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      let queries = BookQueries(settings, catalogue: try ProjectionCatalogue.load())
      try await bench.posting {
        for start in stride(from: 0, to: 240, by: 30) {
          try bench.scribe.append(Array(history.events[start..<start + 30]))
          try await bench.settled()
          #expect(try BookDifference.reconcile(bench.connection, ledger: "main") == [])
          for row in try await bench.rows(BookRequest(ledger: "main", projection: "trial_balance", query: "totals")) {
            #expect(row["difference"]?.string == "0")
          }
        }
      }
      for book in ["daily_spend", "model_pnl", "strategy_pnl", "operation_pnl", "trial_balance", "reconciliation"] {
        let live = try await queries.digest(book, ledger: "main")
        #expect(try await queries.digest(book, ledger: "main", asOf: .position(240)) == live, "\(book)")
      }
      await queries.close()
    }
  }

  @Test("whose sums were changed are found out")
  func tampering() async throws {
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      try bench.scribe.append(FinanceHistory(seed: 12, count: 250).events)
      try await bench.posting { try await bench.settled() }
      for (book, change) in [
        ("model_pnl", "book_model_pnl_v3.model_pnl SET vm_allocated = vm_allocated + 0.000000000001"),
        ("strategy_pnl", "book_strategy_pnl_v2.strategy_pnl SET revenue_direct = revenue_direct - 1"),
        ("operation_pnl", "book_operation_pnl_v2.operation_pnl SET calls = calls + 1"),
        ("trial_balance", "book_trial_balance_v2.trial_balance SET debit = debit + 1"),
        ("reconciliation", "book_reconciliation_v3.reconciliation SET booked = booked + 1"),
        ("exchange_rates", "book_exchange_rates_v1.exchange_rates SET rate = rate + 1"),
      ] {
        try bench.connection.script("BEGIN; UPDATE \(change)")
        try bench.connection.script("COMMIT")
        let found = try BookDifference.reconcile(bench.connection, ledger: "main")
        #expect(found.contains { $0.projection == book }, "\(book)")
      }
    }
  }
}

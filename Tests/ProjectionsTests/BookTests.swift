import Domain
import Postgres
import TestKit
import Testing

@testable import Projections

@Suite("The shipped books")
struct BookTests {
  /// The rows of a query in the oracle's form.
  private func found(_ rows: [JSON], keys: [String], amounts: [String], counts: [String]) -> [[ExactText]: BookOracle
    .Row]
  {
    var found: [[ExactText]: BookOracle.Row] = [:]
    for row in rows {
      var sums = BookOracle.Row()
      for name in counts { sums.add(name, Int128(row[name]?.integer ?? -1)) }
      for name in amounts {
        if let text = row[name]?.string, let amount = Amount(text) {
          #expect(amount.description == text, "amounts have no trailing zeros")
          sums.add(name, amount.units)
        }
      }
      found[keys.map { ExactText(row[$0]?.string ?? "") }] = sums
    }
    return found
  }

  private let counts = ["calls", "failed_calls", "unpriced_calls"] + RandomHistory.classes

  @Test("equal an independent recomputation of a random history", arguments: [1, 2, 3] as [UInt64])
  func equalRecomputation(seed: UInt64) async throws {
    let history = RandomHistory(seed: seed, count: 1_500)
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      try bench.scribe.append(history.events)
      try await bench.posting { try await bench.settled() }

      let byKey = try await bench.rows(BookRequest(ledger: "main", projection: "daily_spend"))
      let expected = BookOracle.spend(history.events) { entry, currency in
        [BookOracle.day(entry)] + ["operation", "model", "provider"].map { entry.data[$0]?.string ?? "" } + [currency]
      }
      let keys = ["day", "operation", "model", "provider", "currency"]
      #expect(found(byKey, keys: keys, amounts: ["cost"], counts: counts) == expected)

      let byUser = try await bench.rows(
        BookRequest(
          ledger: "main", projection: "daily_spend", query: "by_user", parameters: [("group_by", "day,user")]))
      let expectedByUser = BookOracle.spend(history.events) { entry, currency in
        [BookOracle.day(entry), entry.derived["persons"]?["/user"]?.string ?? "", currency]
      }
      #expect(
        found(byUser, keys: ["day", "user", "currency"], amounts: ["cost"], counts: counts) == expectedByUser)

      let byTeam = try await bench.rows(
        BookRequest(ledger: "main", projection: "daily_spend", query: "by_team"))
      let expectedByTeam = BookOracle.spend(history.events) { entry, currency in
        [entry.data["team"]?.string ?? "", currency]
      }
      #expect(found(byTeam, keys: ["team", "currency"], amounts: ["cost"], counts: counts) == expectedByTeam)
      #expect(try BookDifference.reconcile(bench.connection, ledger: "main") == [])
    }
  }

  @Test("show every approval in its last state with its decisions in order")
  func approvals() async throws {
    let history = RandomHistory(seed: 7, count: 900)
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      try bench.scribe.append(history.events)
      try await bench.posting { try await bench.settled() }
      var states: [String: String] = [:]
      var decisions: [String: [String]] = [:]
      for event in history.events where event.type.hasPrefix("approval.") {
        let id = String(event.subject.dropFirst("approval/".count))
        states[id] = event.derived?["state"]?.string
        let word = String(event.type.dropFirst("approval.".count))
        decisions[id, default: []] += word == "requested" ? [] : [word]
      }
      for event in history.events where event.type.hasPrefix("breakglass.") {
        let id = String(event.subject.dropFirst("breakglass/".count))
        states[id] = event.data["verdict"]?.string ?? "unreviewed"
        decisions[id, default: []] += event.type == "breakglass.used" ? [] : ["reviewed"]
      }
      #expect(Set(states.values).isSuperset(of: ["unreviewed", "justified", "consumed", "revoked"]))
      let rows = try await bench.rows(BookRequest(ledger: "main", projection: "approval_queue"))
      #expect(rows.count == states.count)
      for row in rows {
        let id = try #require(row["approval"]?.string)
        #expect(row["state"]?.string == states[id])
        #expect(row["decisions"]?.elements?.map { $0["decision"]?.string } == decisions[id])
        #expect((row["decided_at"] == .null) == ["requested", "unreviewed"].contains(states[id]))
        #expect((row["origin"]?.string == "break_glass") == id.hasPrefix("b"))
        #expect((row["consumed_by"]?.string == "route/r") == (states[id] == "consumed"))
      }
      let places = rows.map { row in
        [
          ["requested", "unreviewed"].contains(row["state"]?.string) ? 0 : 1,
          ["high": 0, "medium": 1, "low": 2][row["risk"]?.string ?? ""] ?? 9,
        ]
      }
      #expect(places == places.sorted { $0.lexicographicallyPrecedes($1) })
    }
  }

  @Test("pair each release of a kill switch with the activation before it")
  func killSwitches() async throws {
    let history = RandomHistory(seed: 11, count: 900)
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      try bench.scribe.append(history.events)
      try await bench.posting { try await bench.settled() }
      var expected: [Int64: Int64?] = [:]
      var open: [String: Int64] = [:]
      var refusals: [Int64: Int64] = [:]
      for (index, event) in history.events.enumerated() {
        let position = Int64(index + 1)
        if event.type == "route.denied", event.derived?["outcome"]?.string == "denied" {
          for met in open.values { refusals[met, default: 0] += 1 }
        }
        guard event.type.hasPrefix("killswitch.") else { continue }
        if event.type == "killswitch.activated" {
          open[event.subject] = position
          expected[position] = .some(nil)
        } else if let activated = open.removeValue(forKey: event.subject) {
          expected[activated] = position
        }
      }
      let rows = try await bench.rows(BookRequest(ledger: "main", projection: "kill_switch_history"))
      #expect(rows.count == expected.count)
      for row in rows {
        let activated = try #require(row["activated_position"]?.integer)
        let released = row["deactivated_position"]?.integer
        #expect(expected[activated] == .some(released))
        #expect(row["refusals"]?.integer == refusals[activated, default: 0])
        #expect(row["duration_seconds"]?.integer == released.map { $0 - activated })
      }
    }
  }

  @Test("answer nothing known as null, never as zero")
  func unknownIsNotZero() async throws {
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      let history = RandomHistory(seed: 5, count: 400)
      try bench.scribe.append(history.events)
      try await bench.posting { try await bench.settled() }
      for row in try await bench.rows(BookRequest(ledger: "main", projection: "daily_spend")) {
        #expect((row["currency"]?.string == "XXX") == (row["cost"] == .null))
      }
      for row in try await bench.rows(BookRequest(ledger: "main", projection: "model_pnl")) {
        #expect((row["currency"]?.string == "XXX") == (row["margin"] == .null))
      }
    }
  }
}

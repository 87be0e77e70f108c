import Domain
import TestKit
import Testing

@testable import Projections

@Suite("Route health")
struct RouteHealthTests {
  /// The attempts that are left once reversals are taken off.
  private func attempts(_ history: RandomHistory) -> [JSON] {
    var left: [Int64: JSON] = [:]
    for (index, event) in history.events.enumerated() {
      if event.type == "completion.recorded" { left[Int64(index + 1)] = event.data }
      if let reversed = event.derived?["reversed"]?["position"]?.integer { left[reversed] = nil }
    }
    return left.sorted { $0.key < $1.key }.map(\.value)
  }

  private func key(_ json: JSON) -> [ExactText] {
    ["operation", "model"].map { ExactText(json[$0]?.string ?? "") }
  }

  @Test("counts attempts, failures and fallbacks, and knows percentiles to 12.3 percent, never too low")
  func equalsRecomputation() async throws {
    let history = RandomHistory(seed: 23, count: 1_200)
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      try bench.scribe.append(history.events)
      try await bench.posting { try await bench.settled() }
      let groups = Dictionary(grouping: attempts(history), by: key)
      let rows = try await bench.rows(BookRequest(ledger: "main", projection: "route_health"))
      #expect(Set(rows.map(key)).isSuperset(of: groups.keys))
      for row in rows {
        let group = groups[key(row)] ?? []
        #expect(row["calls"]?.integer == Int64(group.count))
        #expect(row["failures"]?.integer == Int64(group.count { $0["status"]?.string != "ok" }))
        #expect(row["fallbacks"]?.integer == Int64(group.count { $0["status"]?.string == "absorbed" }))
        let latencies = group.compactMap { $0["latency_ms"]?.integer }.sorted()
        for (name, percent) in [("p50_ms", 50), ("p90_ms", 90), ("p95_ms", 95), ("p99_ms", 99), ("max_ms", 100)] {
          guard !latencies.isEmpty else {
            #expect(row[name] == .null)
            continue
          }
          let exact = latencies[(latencies.count * percent + 99) / 100 - 1]
          let shown = try #require(row[name]?.integer)
          if exact <= 10 { #expect(shown == exact) }
          if exact <= 10_000_000 { #expect(shown >= exact && Double(shown) <= Double(exact) * 1.123, "\(name)") }
        }
      }
      let failures = try await bench.rows(
        BookRequest(
          ledger: "main", projection: "route_health", query: "failures", parameters: [("group_by", "model")]))
      func reason(_ json: JSON) -> [String] { ["model", "status", "error_code"].map { json[$0]?.string ?? "" } }
      let expected = Dictionary(grouping: attempts(history).filter { $0["status"]?.string != "ok" }, by: reason)
      #expect(failures.count == expected.count)
      for row in failures {
        #expect(row["calls"]?.integer == expected[reason(row)].map { Int64($0.count) })
      }
    }
  }
}

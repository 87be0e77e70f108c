import HTTP
import Testing

@testable import Service

@Suite struct MetricTests {
  private func text(_ change: (inout MetricText) -> Void) -> String {
    var text = MetricText()
    change(&text)
    return String(decoding: text.bytes, as: UTF8.self)
  }

  @Test func counterIsWrittenWithItsLabelsInOrder() {
    let family = MetricFamily(
      "a_total", "What it \"says\"\nand \\.", labels: [.upTo(9, "ledger"), .closed("kind", ["x", "y"])],
      make: Counter.init)
    family["main", "y"].add(3)
    family["ma\"i\\n\n", "x"].add()
    #expect(
      text { $0.add(family) } == """
        # HELP a_total What it "says"\\nand \\\\.
        # TYPE a_total counter
        a_total{ledger="ma\\"i\\\\n\\n",kind="x"} 1
        a_total{ledger="main",kind="y"} 3

        """)
  }

  @Test func aMetricWithoutLabelsIsThereBeforeItIsFed() {
    let family = MetricFamily("a_total", "A.", make: Counter.init)
    #expect(text { $0.add(family) }.hasSuffix("\na_total 0\n"))
  }

  @Test func valuesThatALabelDoesNotKnowCountAsOther() {
    let family = MetricFamily("a_total", "A.", labels: [.closed("kind", ["x"])], make: Counter.init)
    for number in 0..<1000 { family["evil-\(number)"].add() }
    family["x"].add()
    #expect(family.all.map(\.values) == [["other"], ["x"]])
    #expect(family["other"].value == 1000)
  }

  @Test func openLabelsStopGrowingAtTheirBound() {
    let family = MetricFamily(
      "a_total", "A.", labels: [.upTo(3, "ledger"), .upTo(2, "projection")], make: Counter.init)
    for ledger in 0..<50 {
      for projection in 0..<50 { family["l\(ledger)", "p\(projection)"].add() }
    }
    // Three ledgers and other, two projections and other.
    #expect(family.all.count == 12)
    #expect(family.all.reduce(0) { $0 + $1.series.value } == 2500)
    #expect(family["l0", "p0"].value == 1)
  }

  @Test func histogramCountsUpToEachBoundInclusively() {
    let family = MetricFamily("d_seconds", "D.") { Histogram(.seconds, bounds: [1_000_000, 500_000_000]) }
    family[].observe(.milliseconds(1))
    family[].observe(.nanoseconds(1_000_001))
    family[].observe(.milliseconds(500))
    family[].observe(.seconds(2))
    family[].observe(.zero)
    #expect(
      text { $0.add(family) } == """
        # HELP d_seconds D.
        # TYPE d_seconds histogram
        d_seconds_bucket{le="0.001"} 2
        d_seconds_bucket{le="0.5"} 4
        d_seconds_bucket{le="+Inf"} 5
        d_seconds_sum 2.502000001
        d_seconds_count 5

        """)
  }

  @Test(arguments: [
    (0.0, "0"), (-1, "-1"), (1.5, "1.5"), (9_007_199_254_740_991, "9007199254740991"), (1e300, "1e+300"),
    (Double.infinity, "+Inf"), (-Double.infinity, "-Inf"), (Double.nan, "NaN"),
  ])
  func numbersAreWrittenExactly(value: Double, expected: String) {
    #expect(MetricText.number(value) == expected)
  }

  @Test func gaugesGoUpAndDown() {
    let gauge = Gauge()
    gauge.set(7)
    gauge.set(-2.5)
    #expect(gauge.value == -2.5)
  }

  @Test func concurrentCountsAreAllThere() async {
    let metrics = ServiceMetrics()
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask {
          for number in 0..<1000 {
            metrics.appends["ledger\(number % 5)"].add()
            metrics.answered(operation: "appendEvents", status: 200 + task, took: .microseconds(number))
          }
        }
      }
    }
    #expect(metrics.appends.all.map(\.series.value) == [1600, 1600, 1600, 1600, 1600])
    #expect(metrics.httpRequests["appendEvents", "2xx"].value == 8000)
    #expect(metrics.httpDuration["appendEvents"].snapshot.cumulative.last == 8000)
  }

  @Test func everyLineOfTheServicesTextIsWellFormed() throws {
    let metrics = ServiceMetrics()
    metrics.appends["main"].add(2)
    metrics.projectionLagSeconds["daily_spend", "main"].set(0.25)
    metrics.answered(operation: nil, status: 404, took: .milliseconds(1))
    metrics.refusals["not-found"].add()
    let server = HTTPServer(.init(), rejection: API.rejection, handler: { _ in HTTPResponse(status: 200) })
    metrics.watch(server)
    let text = String(decoding: metrics.text(), as: UTF8.self)
    withExtendedLifetime(server) {}
    var typed: Set<String> = []
    let sample = /([a-z_][a-z0-9_]*)(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? (NaN|[+-]?Inf|-?[0-9.e+-]+)/
    for line in text.split(separator: "\n") {
      if line.hasPrefix("# TYPE ") {
        let name = String(line.split(separator: " ")[2])
        #expect(typed.insert(name).inserted, "\(name) is announced twice")
      } else if !line.hasPrefix("# HELP ") {
        let match = try #require(try sample.wholeMatch(in: line), "\(line)")
        let name = String(match.1)
        let base = ["_bucket", "_sum", "_count"].first { name.hasSuffix($0) }.map { String(name.dropLast($0.count)) }
        #expect(typed.contains(name) || base.map(typed.contains) == true, "\(line)")
      }
    }
    #expect(text.contains("daybook_http_requests_total{route=\"other\",status_class=\"4xx\"} 1\n"))
    #expect(text.contains("daybook_refusals_total{problem=\"not-found\"} 1\n"))
    #expect(text.contains("daybook_http_connections 0\n"))
    #expect(text.contains("\nprocess_resident_memory_bytes "))
  }
}

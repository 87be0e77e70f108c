import Synchronization

/// One metric with its series, one for each combination of label values.
final class MetricFamily<Series: Sendable>: Sendable {
  private struct State {
    var series: [[String]: Series] = [:]
    var seen: [Set<String>]
  }

  let name: String
  let help: String
  let labels: [MetricLabel]
  private let make: @Sendable () -> Series
  private let state: Mutex<State>

  init(_ name: String, _ help: String, labels: [MetricLabel] = [], make: @escaping @Sendable () -> Series) {
    precondition(MetricText.isName(name) && labels.allSatisfy { MetricText.isName($0.name) }, "not a metric's name")
    self.name = name
    self.help = help
    self.labels = labels
    self.make = make
    state = Mutex(State(seen: labels.map { _ in [] }))
    // A metric without labels is there from the start: a counter that is absent until it grows hides its first step.
    if labels.isEmpty { state.withLock { $0.series[[]] = make() } }
  }

  /// The series for these label values, in the labels' order; made on first use, under `other` where a value is not
  /// allowed. Callers on hot paths keep it.
  subscript(_ values: String...) -> Series { series(values) }

  /// The same for values in a list.
  func series(_ values: [String]) -> Series {
    precondition(values.count == labels.count, "\(name) has \(labels.count) labels")
    return state.withLock { state in
      // Known combinations need no second look: only allowed ones are ever stored.
      if let series = state.series[values] { return series }
      let bounded = values.indices.map { labels[$0].bounded(values[$0], seen: &state.seen[$0]) }
      if let series = state.series[bounded] { return series }
      let series = make()
      state.series[bounded] = series
      return series
    }
  }

  /// All series with their label values, in order.
  var all: [(values: [String], series: Series)] {
    state.withLock { state in
      state.series.map { ($0.key, $0.value) }
    }.sorted { $0.0.lexicographicallyPrecedes($1.0) }
  }
}

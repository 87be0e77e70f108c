import Synchronization

/// Shows how far long work is, on standard error: a bar that redraws itself on a terminal, a line now and then elsewhere.
final class ProgressBar: Sendable {
  private struct State {
    var fraction = -1.0
    var shownAt: ContinuousClock.Instant?
    var isFinished = false
  }
  private let label: String
  private let redraws: Bool
  private let state = Mutex(State())
  private let start = ContinuousClock.now

  /// - Parameter label: what is being done, `Importing conv`.
  init(_ label: String, environment: [String: String]) {
    self.label = label
    redraws = Console.canRedraw(environment)
  }

  /// Shows a count out of a total; not more often than eyes can follow.
  func update(_ done: Int64, of total: Int64, unit: String = "events") {
    let now = ContinuousClock.now
    let fraction = total > 0 ? min(1, Double(done) / Double(total)) : 1
    state.withLock { state in
      guard !state.isFinished else { return }
      let sinceShown = state.shownAt.map { $0.duration(to: now) } ?? .seconds(3600)
      if redraws {
        guard sinceShown >= .milliseconds(50) || done >= total else { return }
        Console.draw("\r" + Self.bar(label, done, total, unit, start.duration(to: now), Console.columns(of: 2)))
      } else {
        guard fraction - state.fraction >= 0.25 || sinceShown >= .seconds(10) || (done >= total && state.fraction < 1)
        else { return }
        Console.tell("\(label): \(done) of \(total) \(unit)")
      }
      state.fraction = fraction
      state.shownAt = now
    }
  }

  /// Ends the line of the bar; later updates show nothing.
  func finish() {
    state.withLock { state in
      if redraws && !state.isFinished && state.shownAt != nil { Console.draw("\n") }
      state.isFinished = true
    }
  }

  static func bar(
    _ label: String, _ done: Int64, _ total: Int64, _ unit: String, _ elapsed: Duration, _ columns: Int
  ) -> String {
    let fraction = total > 0 ? min(1, Double(done) / Double(total)) : 1
    let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
    let rate = seconds > 0.2 ? "  \(Int(Double(done) / seconds))/s" : ""
    let tail = " \(Int(fraction * 100)) %  \(done) of \(total) \(unit)\(rate)"
    let room = max(0, min(40, columns - label.count - tail.count - 2))
    let full = Int(fraction * Double(room))
    let bar = String(repeating: "█", count: full) + String(repeating: "░", count: room - full)
    return DisplayWidth.cut("\(label) \(bar)\(tail)", to: max(1, columns - 1)) + "\u{1B}[K"
  }
}

/// What a group of parts does next: pure, so that every order of events can be tried.
struct PartGroupMachine {
  enum Bound: Sendable { case graceful, forced }
  enum Action {
    case report(String)
    case requestShutdown
    case startBound(Bound)
    case cancelParts
    /// The group ends, with this failure if there is one.
    case finish((any Error)?)
  }
  private enum Phase { case running, shuttingDown, cancelled, finished }

  private let names: [String]
  private let reportsFailures: Bool
  private var running: Set<Int>
  private var phase = Phase.running
  private var failure: (any Error)?

  init(names: [String], reportsFailures: Bool = true) {
    self.names = names
    self.reportsFailures = reportsFailures
    running = Set(names.indices)
  }

  /// A part returned, or failed with an error.
  mutating func ended(_ index: Int, _ error: (any Error)?) -> [Action] {
    guard phase != .finished, running.remove(index) != nil else { return [] }
    var actions: [Action] = []
    // A cancelled part that throws did what it was told.
    if let error, phase != .cancelled {
      if reportsFailures || failure != nil { actions.append(.report("\(names[index]) failed: \(error)")) }
      if failure == nil { failure = error }
    }
    if running.isEmpty { return actions + finish(failure) }
    if phase == .running {
      if error == nil { actions.append(.report("\(names[index]) has ended; the rest follows")) }
      actions += beginShutdown()
    }
    return actions
  }

  /// Somebody requested the shutdown, perhaps this group itself.
  mutating func shutdownRequested() -> [Action] { phase == .running ? beginShutdown() : [] }

  /// A signal that asks to end.
  mutating func signal() -> [Action] {
    switch phase {
    case .running: return beginShutdown()
    case .shuttingDown:
      return [.report("second signal: stopping at once")] + cancel()
    case .cancelled: return finish(failure ?? givenUp)
    case .finished: return []
    }
  }

  /// Whoever runs the group was cancelled.
  mutating func cancelled() -> [Action] {
    switch phase {
    case .running: [.requestShutdown] + cancel()
    case .shuttingDown: cancel()
    case .cancelled, .finished: []
    }
  }

  /// A bound has passed.
  mutating func passed(_ bound: Bound) -> [Action] {
    switch (bound, phase) {
    case (.graceful, .shuttingDown):
      return [.report("not stopped within the bound: \(stillRunning)")] + cancel()
    case (.forced, .cancelled): return finish(failure ?? givenUp)
    default: return []
    }
  }

  private var stillRunning: String { running.sorted().map { names[$0] }.joined(separator: ", ") }

  private var givenUp: LifecycleError { LifecycleError(.boundExceeded, "gave up waiting for \(stillRunning)") }

  private mutating func beginShutdown() -> [Action] {
    phase = .shuttingDown
    return [.requestShutdown, .startBound(.graceful)] + (running.isEmpty ? finish(failure) : [])
  }

  private mutating func cancel() -> [Action] {
    phase = .cancelled
    if failure == nil { failure = LifecycleError(.boundExceeded, "did not stop in good order: \(stillRunning)") }
    return [.cancelParts, .startBound(.forced)]
  }

  private mutating func finish(_ error: (any Error)?) -> [Action] {
    phase = .finished
    return [.finish(error)]
  }
}

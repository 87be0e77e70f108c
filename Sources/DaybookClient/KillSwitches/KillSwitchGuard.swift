internal import Synchronization

/// Knows at any moment whether a call may go ahead, from state that is at most a second old; when in doubt, it may not.
///
/// ```swift
/// let guardian = KillSwitchGuard(daybook)
/// guardian.start()
/// guard guardian.check(CallFacts(operation: "chat_message", model: "deepseek")).mayProceed else { return }
/// ```
///
/// `check` asks nobody and takes about a microsecond; the guard's feed carries each change as it is recorded, and
/// heartbeats that the ledger sends only after it has read its head.
public final class KillSwitchGuard: Sendable {
  private let daybook: Daybook
  private let machine: Mutex<KillSwitchMachine>
  private let tally = Mutex(KillSwitchTally())
  private let maximumAge: Duration
  private let runner = Mutex<Task<Void, Never>?>(nil)

  /// Makes a guard that knows nothing yet; see ``start()`` and ``run()``.
  ///
  /// - Parameters:
  ///   - daybook: The ledger whose kill switches count.
  ///   - maximumAge: How old its state may be, at most a second; less refuses more readily.
  public convenience init(_ daybook: Daybook, maximumAge: Duration = .seconds(1)) {
    self.init(daybook, anyMaximumAge: max(.milliseconds(1), min(maximumAge, .seconds(1))))
  }

  /// With an age that nobody but a test may choose: what is older than a second must stop calls.
  init(_ daybook: Daybook, anyMaximumAge maximumAge: Duration) {
    self.daybook = daybook
    self.maximumAge = maximumAge
    machine = Mutex(KillSwitchMachine(maximumAge: maximumAge))
  }

  deinit { runner.withLock { $0?.cancel() } }

  /// May a call go ahead now?
  public func check(_ facts: CallFacts) -> KillSwitchVerdict {
    let verdict = machine.withLock { $0.check(facts, at: .now) }
    tally.withLock { $0.count(verdict) }
    return verdict
  }

  /// How often `check` let go ahead and how often it refused, since the guard was made.
  public var counts: KillSwitchTally { tally.withLock { $0 } }

  /// The switches last heard of and the position they are of, for display; `check` decides.
  public var lastKnown: (active: [ActiveKillSwitch], position: Int64) { machine.withLock { $0.state } }

  /// Keeps the guard informed in the background until ``close()`` or until nobody holds it.
  public func start() {
    runner.withLock { runner in
      guard runner == nil else { return }
      runner = Task { [weak self, daybook, maximumAge] in
        var patience = FeedPatience()
        while !Task.isCancelled {
          // Held only for one connection attempt's messages, so that letting go of the guard ends the feed.
          guard self?.connects() != nil else { return }
          await KillSwitchGuard.listen(daybook, maximumAge, { [weak self] in self }, &patience)
        }
      }
    }
  }

  /// Keeps the guard informed until the task is cancelled.
  public func run() async {
    var patience = FeedPatience()
    while !Task.isCancelled {
      connects()
      await Self.listen(daybook, maximumAge, { self }, &patience)
    }
  }

  /// Ends the feed; `check` refuses within the allowed age.
  public func close() {
    runner.withLock { runner in
      runner?.cancel()
      runner = nil
    }
  }

  /// Waits until the guard knows something, at most so long; false where it still does not.
  public func waitUntilKnown(for longest: Duration = .seconds(5)) async -> Bool {
    let end = ContinuousClock.now + longest
    while ContinuousClock.now < end {
      if case .unknown = machine.withLock({ $0.check(CallFacts(), at: .now) }) {} else { return true }
      try? await Task.sleep(for: .milliseconds(5))
      if Task.isCancelled { return false }
    }
    return false
  }

  /// Waits until the guard has seen a position of the ledger, such as a decision's, for as long as its state may be old;
  /// false where it still has not.
  @discardableResult
  public func waitUntilKnown(position: Int64) async -> Bool {
    let end = ContinuousClock.now + maximumAge
    while lastKnown.position < position {
      guard ContinuousClock.now < end, !Task.isCancelled else { return false }
      try? await Task.sleep(for: .milliseconds(5))
    }
    return true
  }

  private func connects() { machine.withLock { $0.connects(at: .now) } }

  /// Reads one connection until it ends, and then waits a little.
  private static func listen(
    _ daybook: Daybook, _ maximumAge: Duration, _ owner: @Sendable () -> KillSwitchGuard?,
    _ patience: inout FeedPatience
  ) async {
    var isRefused = false
    do {
      var stream = try await EventStream.open(daybook, "kill-switches/stream", silence: maximumAge)
      while let event = try await stream.next() {
        guard let message = try KillSwitchMessage(event) else { continue }
        guard let owner = owner() else { return }
        guard owner.receives(message) == .proceed else { break }
        patience.succeeded()
      }
    } catch let error as DaybookError {
      isRefused = !error.isRetryable
    } catch {
      // Cancelled: the loop ends.
    }
    owner()?.machine.withLock { $0.disconnects(isRefused: isRefused) }
    try? await Task.sleep(for: patience.next())
  }

  private func receives(_ message: KillSwitchMessage) -> KillSwitchMachine.Action {
    machine.withLock { $0.receives(message, at: .now) }
  }
}

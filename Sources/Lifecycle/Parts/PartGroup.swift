import Synchronization

/// Runs several parts as one: the first that ends or fails, a signal, or a vanished parent ends all of them in good order.
public struct PartGroup: Sendable {
  /// How a group ends.
  public struct Bounds: Sendable {
    /// Time that parts have between the request to shut down and their cancellation.
    public var graceful: Duration
    /// Time that cancelled parts have before the group gives them up.
    public var forced: Duration
    /// A signal so soon after the first is the same one, sent twice: `timeout` and other wrappers pass theirs on to a child
    /// that also got the process group's.
    public var echo: Duration
    /// Makes bounds.
    public init(
      graceful: Duration = .seconds(20), forced: Duration = .seconds(5), echo: Duration = .milliseconds(500)
    ) {
      self.graceful = graceful
      self.forced = forced
      self.echo = echo
    }
  }

  /// What a group tells about itself, for standard error.
  public typealias Report = @Sendable (String) -> Void

  private let parts: [any Part]
  private let bounds: Bounds
  private let handlesSignals: Bool
  private let reportsFailures: Bool
  private let report: Report

  /// Makes a group.
  ///
  /// - Parameters:
  ///   - handlesSignals: Without it only the group's parts and its caller end it.
  ///   - reportsFailures: Tells of a part's failure at once, before the others have ended; ``run(_:)`` throws it anyway.
  public init(
    _ parts: [any Part], bounds: Bounds = Bounds(), handlesSignals: Bool = true, reportsFailures: Bool = true,
    report: @escaping Report = { _ in }
  ) {
    self.parts = parts
    self.bounds = bounds
    self.handlesSignals = handlesSignals
    self.reportsFailures = reportsFailures
    self.report = report
  }

  private enum Happening: Sendable {
    case ended(Int, (any Error)?)
    case signal(ContinuousClock.Instant)
    case shutdownRequested
    case cancelled
    case bound(PartGroupMachine.Bound)
  }

  /// Runs all parts until the last has ended.
  ///
  /// A first SIGTERM or SIGINT requests `shutdown`; a second one, or a cancellation of the caller, cancels the parts.
  /// - Throws: the first part's failure, or ``LifecycleError`` with `.boundExceeded` when parts had to be cancelled.
  public func run(_ shutdown: GracefulShutdown = GracefulShutdown()) async throws {
    let (happenings, happened) = AsyncStream.makeStream(of: Happening.self)
    // A task of its own: a cancelled one would hear no more of its parts, and leave them behind.
    let running = Task { try await run(shutdown, happenings, happened) }
    try await withTaskCancellationHandler {
      try await running.value
    } onCancel: {
      happened.yield(.cancelled)
    }
  }

  private func run(
    _ shutdown: GracefulShutdown, _ happenings: AsyncStream<Happening>,
    _ happened: AsyncStream<Happening>.Continuation
  ) async throws {
    let signals = handlesSignals ? TerminationSignals { _ in happened.yield(.signal(.now)) } : nil
    defer { signals?.stop() }
    let tasks = parts.enumerated().map { index, part in
      Task {
        do {
          try await part.run(shutdown)
          happened.yield(.ended(index, nil))
        } catch {
          happened.yield(.ended(index, error))
        }
      }
    }
    var helpers = [
      Task {
        await shutdown.requested()
        happened.yield(.shutdownRequested)
      }
    ]
    defer { for task in helpers { task.cancel() } }

    var machine = PartGroupMachine(names: parts.map(\.name), reportsFailures: reportsFailures)
    var signalledAt: ContinuousClock.Instant?
    for await happening in happenings {
      let actions: [PartGroupMachine.Action] =
        switch happening {
        case .ended(let index, let error):
          // The end of a part that was asked to end may be heard of before the request is.
          (shutdown.isRequested ? machine.shutdownRequested() : []) + machine.ended(index, error)
        case .signal(let moment):
          if let first = signalledAt, first.duration(to: moment) < bounds.echo { [] } else { machine.signal() }
        case .shutdownRequested: machine.shutdownRequested()
        case .cancelled: machine.cancelled()
        case .bound(let bound): machine.passed(bound)
        }
      if case .signal(let moment) = happening { signalledAt = signalledAt ?? moment }
      for action in actions {
        switch action {
        case .report(let text): report(text)
        case .requestShutdown: shutdown.request()
        case .cancelParts: for task in tasks { task.cancel() }
        case .startBound(let bound):
          let duration = bound == .graceful ? bounds.graceful : bounds.forced
          helpers.append(
            Task {
              try? await Task.sleep(for: duration)
              if !Task.isCancelled { happened.yield(.bound(bound)) }
            })
        case .finish(let error):
          if let error { throw error }
          return
        }
      }
    }
  }
}

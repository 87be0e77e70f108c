@preconcurrency import Glibc
import Synchronization

/// Keeps child processes running: starts again what dies and says so, gives up loudly, and ends all of them on shutdown.
///
/// Children learn by a pipe when this process is gone, even by SIGKILL (see ``ParentWatch``).
public final class Supervisor: Part {
  /// What the part is called in messages.
  public let name = "supervisor"
  private let children: [ChildSpecification]
  private let policy: RestartPolicy
  private let stopBound: Duration
  private let report: PartGroup.Report
  private let running = Mutex<[String: ChildProcess]>([:])

  /// Makes a supervisor; nothing runs yet. Names of children are unique.
  /// - Parameter stopBound: time that a child has between SIGTERM and SIGKILL.
  public init(
    _ children: [ChildSpecification], policy: RestartPolicy = RestartPolicy(), stopBound: Duration = .seconds(15),
    report: @escaping PartGroup.Report
  ) {
    precondition(Set(children.map(\.name)).count == children.count, "children need names of their own")
    self.children = children
    self.policy = policy
    self.stopBound = stopBound
    self.report = report
  }

  /// The process id of a running child.
  public func pid(of name: String) -> Int32? { running.withLock { $0[name]?.pid } }

  /// Runs all children until `shutdown` is requested and the last of them has ended.
  /// - Throws: ``LifecycleError`` with `.gaveUp` or `.spawnFailed`; the other children have ended by then.
  public func run(_ shutdown: GracefulShutdown) async throws {
    let lifeLine = try LifeLine()
    // Ends the children of this run without asking for the end of everything else: the group does that.
    let stop = GracefulShutdown()
    let relay = Task {
      await shutdown.requested()
      stop.request()
    }
    defer { relay.cancel() }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for child in children {
        group.addTask { try await self.keep(child, lifeLine: lifeLine, stop: stop) }
      }
      var failure: (any Error)?
      for _ in children.indices {
        do { try await group.next() } catch {
          failure = failure ?? error
          stop.request()
        }
      }
      if let failure { throw failure }
    }
  }

  private func keep(_ child: ChildSpecification, lifeLine: LifeLine, stop: GracefulShutdown) async throws {
    var policy = policy
    while !stop.isRequested {
      let process = try ChildProcess(child, lifeLine: lifeLine)
      running.withLock { $0[child.name] = process }
      let start = ContinuousClock.now
      let status = await end(of: process, child, stop: stop)
      running.withLock { $0[child.name] = nil }
      if stop.isRequested { return }
      let lived = start.duration(to: .now)
      switch policy.died(after: lived) {
      case .restart(let wait):
        report("\(child.name) died (\(status)) after \(lived.inSeconds); starting it again in \(wait.inSeconds)")
        if await stop.isRequested(within: wait) { return }
      case .giveUp:
        throw LifecycleError(
          .gaveUp, "\(child.name) died \(policy.quickDeathLimit) times in a row (\(status)); giving up")
      }
    }
  }

  /// The child's end: by itself, or by SIGTERM once `stop` is requested, SIGKILL past the bound or a cancellation.
  private func end(of process: ChildProcess, _ child: ChildSpecification, stop: GracefulShutdown) async -> ExitStatus
  {
    let ending = Task {
      await stop.requested()
      if Task.isCancelled && !stop.isRequested { return }
      process.send(SIGTERM)
      do { try await Task.sleep(for: stopBound) } catch { return }
      report("\(child.name) did not stop within \(stopBound.inSeconds); killing it")
      process.send(SIGKILL)
    }
    defer { ending.cancel() }
    return await withTaskCancellationHandler {
      await process.exit()
    } onCancel: {
      process.send(SIGKILL)
    }
  }
}

extension Duration {
  /// `0.25 s`, for messages.
  var inSeconds: String {
    let hundredths = components.seconds * 100 + components.attoseconds / 10_000_000_000_000_000
    let rest = hundredths % 100
    return rest == 0 ? "\(hundredths / 100) s" : "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) s"
  }
}

import Glibc
import Lifecycle
import Synchronization

/// A process of the deployment; it ends with this one, however this one ends.
final class Process: Sendable {
  private let name: String
  private let supervisor: Supervisor
  private let running = Mutex<(shutdown: GracefulShutdown, task: Task<Void, any Error>)?>(nil)

  init(_ name: String, _ executable: String, _ arguments: [String], _ environment: [String: String]) {
    self.name = name
    let lifeLine = ["--parent-fd", String(ChildSpecification.parentDescriptor)]
    supervisor = Supervisor(
      [
        ChildSpecification(
          name: name, executable: executable, arguments: arguments + lifeLine, environment: environment)
      ], report: { say($0) })
  }

  /// Its process id; nil while it does not run.
  var pid: Int32? { supervisor.pid(of: name) }

  func start() {
    running.withLock { running in
      guard running == nil else { return }
      let shutdown = GracefulShutdown()
      running = (shutdown, Task { try await self.supervisor.run(shutdown) })
    }
  }

  /// Stands still until it is resumed.
  func pause() { if let pid { kill(pid, SIGSTOP) } }

  func resume() { if let pid { kill(pid, SIGCONT) } }

  func stop() async {
    let stopping = running.withLock { running in
      defer { running = nil }
      return running
    }
    stopping?.shutdown.request()
    _ = await stopping?.task.result
  }
}

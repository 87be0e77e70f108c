internal import Dispatch

/// Runs an actor's jobs on a serial queue of its own, where blocking is fine.
///
/// An actor that owns a ``Connection`` has one and answers it as its `unownedExecutor`: its calls then block a thread
/// that nobody else waits for, instead of one of the few that all tasks share.
public final class QueueExecutor: SerialExecutor {
  private let queue: DispatchQueue

  /// Makes an executor with a label for debuggers; one in the background takes the processor time that others leave.
  public init(label: String, isBackground: Bool = false) {
    queue = DispatchQueue(label: label, qos: isBackground ? .background : .unspecified)
  }

  /// Runs the job on the queue.
  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }

  /// Runs work that is not an actor's, after what waits on the queue already.
  public func run(_ work: @escaping @Sendable () -> Void) { queue.async(execute: work) }

  /// The executor, as actors refer to it.
  public func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

  /// Stops the program when it does not run on the queue.
  public func checkIsolated() { dispatchPrecondition(condition: .onQueue(queue)) }
}

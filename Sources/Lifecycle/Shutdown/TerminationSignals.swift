import Dispatch
@preconcurrency import Glibc
import Synchronization

/// The signals that ask this process to end, SIGTERM and SIGINT, as calls instead of a sudden death.
///
/// One copy a process; SIGPIPE is ignored from then on, so that a peer who left is an error of `write` and nothing more.
public final class TerminationSignals: Sendable {
  // A source is safe to cancel from any thread; nothing else is done with these after `init`.
  private let sources: Mutex<[any DispatchSourceSignal]>

  /// Calls `handler` with the number of each signal, on a queue of its own, until `stop`.
  public init(_ handler: @escaping @Sendable (Int32) -> Void) {
    Self.ignoreBrokenPipes()
    let queue = DispatchQueue(label: "daybook.signals")
    var made: [any DispatchSourceSignal] = []
    for number in [SIGTERM, SIGINT] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler { handler(number) }
      source.resume()
      made.append(source)
    }
    sources = Mutex(made)
  }

  /// Gives both signals their usual meaning back.
  public func stop() {
    let stopped = sources.withLock { sources in
      defer { sources = [] }
      return sources
    }
    for source in stopped { source.cancel() }
    for number in [SIGTERM, SIGINT] { signal(number, SIG_DFL) }
  }

  deinit { stop() }

  /// Lets writes to a pipe or socket whose reader left fail with EPIPE.
  public static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }
}

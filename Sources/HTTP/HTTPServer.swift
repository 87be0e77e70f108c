internal import Dispatch
import Synchronization

/// An HTTP/1.1 server over libmicrohttpd.
///
/// A few threads of the library read requests under bounds and send answers; a request that is whole sleeps while its
/// handler runs as a Swift task. `start`, then `stop`; a stopped server does not start again.
public final class HTTPServer: Sendable {
  private struct Running {
    var listener: Listener
    var daemon: Daemon
    var watch: Task<Void, Never>
  }

  private enum Phase {
    case idle
    case running(Running)
    case stopping
    case stopped
  }

  private let core: ServerCore
  private let phase = Mutex(Phase.idle)

  /// Connections that wait to be accepted.
  private static let backlog: Int32 = 1024
  /// After the bound, what is already answered may still leave for so long.
  private static let lastWords = Duration.milliseconds(250)

  /// Makes a server; nothing listens yet.
  public init(
    _ configuration: Configuration, rejection: @escaping Rejection,
    handler: @escaping @Sendable (HTTPRequest) async -> HTTPResponse
  ) {
    core = ServerCore(configuration, rejection: rejection, handler: handler)
  }

  /// Listens; answers the port.
  ///
  /// Throws with `address` when host or port cannot be bound, `tls` when certificate or key cannot be used, `state`
  /// when called twice.
  public func start() throws(HTTPError) -> Int {
    try phase.withLock { phase throws(HTTPError) in
      guard case .idle = phase else { throw HTTPError(.state, "a server starts once") }
      let address = try ListenAddress(host: core.configuration.host, port: core.configuration.port)
      let daemon = try Daemon(core)
      do throws(HTTPError) {
        let (socket, port) = try address.listen(backlog: Self.backlog)
        let listener = Listener(socket: socket, daemon: daemon, core: core)
        try listener.start()
        phase = .running(Running(listener: listener, daemon: daemon, watch: watchDeadlines()))
        return port
      } catch {
        daemon.stop()
        throw error
      }
    }
  }

  /// Stops accepting, lets running handlers finish within `bound` (streams are ended), then closes.
  ///
  /// Requests that arrive meanwhile on open connections get the rejection for `stopping`. Returns when every
  /// connection is closed; a second call waits for the first. Handlers that outlive the bound are cancelled.
  public func stop(within bound: Duration) async {
    let running = phase.withLock { phase -> Running? in
      switch phase {
      case .running(let running):
        phase = .stopping
        return running
      case .idle:
        phase = .stopped
        return nil
      case .stopping, .stopped:
        return nil
      }
    }
    guard let running else { return await untilStopped() }
    _ = core.exchanges.advance(to: .stopping)
    await Self.blocking { running.listener.stop() }
    await drain(until: .now + bound)
    for exchange in core.exchanges.advance(to: .closed) { exchange.close() }
    await drain(until: .now + Self.lastWords)
    await Self.blocking { running.daemon.stop() }
    core.connections.reset()
    running.watch.cancel()
    phase.withLock { $0 = .stopped }
  }

  /// Requests being handled or answered now, for a gauge.
  public var requestsInFlight: Int { core.exchanges.all.count { $0.isBusy } }

  /// Bytes of request bodies being read or handled now, for a gauge.
  public var bodyBytesInFlight: Int { core.budget.inFlight }

  /// Open connections, for a gauge.
  public var openConnections: Int { core.connections.current }

  private func untilStopped() async {
    while !phase.withLock({ if case .stopped = $0 { true } else { false } }) {
      await Self.pause(.milliseconds(5))
    }
  }

  /// Waits until nothing is being handled or sent; ends streams, also those that begin meanwhile.
  private func drain(until end: ContinuousClock.Instant) async {
    while true {
      let busy = core.exchanges.all.filter(\.isBusy)
      if busy.isEmpty || end <= .now { return }
      for exchange in busy { exchange.endStream() }
      await Self.pause(.milliseconds(5))
    }
  }

  /// Looks for handlers that are beyond their deadline: one task for all, not a timer for each.
  private func watchDeadlines() -> Task<Void, Never> {
    let interval = min(core.configuration.handlerDeadline / 4, .seconds(1))
    return Task.detached { [core] in
      while !Task.isCancelled {
        try? await Task.sleep(for: interval)
        let now = ContinuousClock.now
        for exchange in core.exchanges.all { exchange.expire(at: now) }
      }
    }
  }

  /// Sleeps even in a cancelled task, which stopping often runs in.
  private static func pause(_ duration: Duration) async {
    await Task.detached { try? await Task.sleep(for: duration) }.value
  }

  /// Runs what blocks on a thread that may.
  private static func blocking(_ work: @escaping @Sendable () -> Void) async {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        work()
        continuation.resume()
      }
    }
  }
}

internal import Dispatch
internal import Foundation
internal import Synchronization

/// Threads that each keep a connection and carry one request at a time over it.
///
/// Blocking calls belong on threads of their own: they must not hold up the pool that runs tasks.
final class SocketWorkers: Sendable {
  private struct State {
    var idle: [SocketWorker] = []
    var waiting: [SocketJob] = []
    var workers = 0
    var isClosed = false
  }

  private let state = Mutex(State())
  private let host: String
  private let port: String
  private let bound: Int

  /// How long a connection is kept without use; less than servers usually keep it.
  static let idleSeconds = 20

  init(host: String, port: String, bound: Int) {
    self.host = host
    self.port = port
    self.bound = bound
  }

  /// Gives the request to a worker, or lets it wait for one.
  func perform(_ job: SocketJob) {
    enum Choice {
      case idle(SocketWorker)
      case new
      case queued
      case closed
    }
    let choice: Choice = state.withLock { state in
      if state.isClosed { return .closed }
      if let worker = state.idle.popLast() { return .idle(worker) }
      guard state.workers < bound else {
        state.waiting.append(job)
        return .queued
      }
      state.workers += 1
      return .new
    }
    switch choice {
    case .idle(let worker): worker.take(job)
    case .new: SocketWorker(self, host: host, port: port).start(job)
    case .queued: break
    case .closed: job.exchange.ended(DaybookError(.closed, "the transport is closed"))
    }
  }

  /// The next request for a worker; nil where there is none and it is idle now.
  func next(for worker: SocketWorker) -> SocketJob? {
    state.withLock { state in
      if !state.waiting.isEmpty { return state.waiting.removeFirst() }
      state.idle.append(worker)
      return nil
    }
  }

  /// True where an idle worker may end; false where a request is on its way to it.
  func retire(_ worker: SocketWorker) -> Bool {
    state.withLock { state in
      guard let place = state.idle.firstIndex(where: { $0 === worker }) else { return false }
      state.idle.remove(at: place)
      state.workers -= 1
      return true
    }
  }

  /// Ends idle workers and refuses new requests.
  func close() {
    let (idle, waiting) = state.withLock { state in
      state.isClosed = true
      defer {
        state.idle = []
        state.waiting = []
      }
      state.workers -= state.idle.count
      return (state.idle, state.waiting)
    }
    for worker in idle { worker.take(nil) }
    for job in waiting { job.exchange.ended(DaybookError(.closed, "the transport is closed")) }
  }
}

/// A thread and its connection.
final class SocketWorker: Sendable {
  private let workers: SocketWorkers
  private let host: String
  private let port: String
  private let mail = Mutex<SocketJob?>(nil)
  private let bell = DispatchSemaphore(value: 0)

  init(_ workers: SocketWorkers, host: String, port: String) {
    self.workers = workers
    self.host = host
    self.port = port
  }

  func start(_ job: SocketJob) {
    let thread = Thread { [self] in run(job) }
    thread.name = "daybook.client"
    thread.stackSize = 512 << 10
    thread.start()
  }

  /// Hands over a request; nil ends the thread.
  func take(_ job: SocketJob?) {
    mail.withLock { $0 = job }
    bell.signal()
  }

  private func run(_ first: SocketJob) {
    var connection: SocketConnection?
    var job: SocketJob? = first
    while let current = job {
      connection = Self.carry(current, host, port, connection)
      job = workers.next(for: self) ?? rest()
    }
  }

  /// Waits for a request; nil where none came for long.
  private func rest() -> SocketJob? {
    while bell.wait(timeout: .now() + .seconds(SocketWorkers.idleSeconds)) == .timedOut {
      if workers.retire(self) { return nil }
    }
    return mail.withLock { job in
      defer { job = nil }
      return job
    }
  }

  /// Carries one request and answers with the connection, where it may be used again.
  static func carry(
    _ job: SocketJob, _ host: String, _ port: String, _ kept: SocketConnection?
  ) -> SocketConnection? {
    var connection = kept?.isQuiet == true ? kept : nil
    while true {
      var hasAnswer = false
      do throws(DaybookError) {
        let used: SocketConnection
        if let connection {
          used = connection
        } else {
          used = try SocketConnection(host: host, port: port, job: job)
          connection = used
        }
        let isReusable = try used.perform(job, hasAnswer: &hasAnswer)
        job.exchange.ended(nil)
        return isReusable ? used : nil
      } catch {
        // A server may close a kept connection at the moment it is used again; such requests carry their ids.
        if job.mayBeRepeated, connection?.isReused == true, kept != nil, connection === kept, !hasAnswer,
          error.code == .connection,
          !job.isCancelled
        {
          connection = nil
          continue
        }
        job.exchange.ended(error)
        return nil
      }
    }
  }
}

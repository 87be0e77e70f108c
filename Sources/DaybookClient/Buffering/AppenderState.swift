internal import Synchronization

/// What the callers of an appender, its keeper and its sender share, under one lock.
final class AppenderState: Sendable {
  /// Events whose adders wait together for one write.
  struct Group {
    var events: [[UInt8]] = []
    var bytes = 0
    var adders: [CheckedContinuation<Void, any Error>] = []
  }

  /// What the adder has to do.
  enum Admission {
    /// Wait; the keeper is at work.
    case wait
    /// Wait, and wake the keeper.
    case wake
    /// There is no room.
    case refuse(DaybookError)
  }

  private struct Shared {
    var group = Group()
    var isDraining = false
    var writing = 0
    var writingBytes = 0
    var isClosed = false
    var failure: DaybookError?
    var statistics = AppenderStatistics()
  }

  private let shared = Mutex(Shared())
  private let options: BufferedAppenderOptions
  /// Events delivered or refused.
  let settled = ProgressGate()

  init(_ options: BufferedAppenderOptions) { self.options = options }

  var statistics: AppenderStatistics { shared.withLock { $0.statistics } }

  func opened(pending: Int, bytes: Int) {
    shared.withLock { shared in
      shared.statistics.recovered = Int64(pending)
      shared.statistics.bytes = bytes
    }
  }

  /// Admits events to the group that is written next, or says why not; `adder` is kept only where it must wait.
  func admit(_ events: [[UInt8]], _ adder: CheckedContinuation<Void, any Error>) -> Admission {
    shared.withLock { shared in
      if let failure = shared.failure { return .refuse(failure) }
      if shared.isClosed { return .refuse(DaybookError(.closed, "the appender is closed")) }
      let size = events.reduce(0) { $0 + $1.count + 4 } + SpoolFrame.headerBytes
      if let full = noRoom(shared, events.count, size) { return .refuse(full) }
      shared.group.events += events
      shared.group.bytes += size
      shared.group.adders.append(adder)
      guard !shared.isDraining else { return .wait }
      shared.isDraining = true
      return .wake
    }
  }

  private func noRoom(_ shared: Shared, _ count: Int, _ size: Int) -> DaybookError? {
    let queued = shared.group.events.count + shared.writing
    let bytes = shared.statistics.bytes + shared.group.bytes + shared.writingBytes + size
    let isMemory = options.durability == .memory
    let waiting = isMemory ? queued + Int(shared.statistics.pending) : queued
    guard waiting + count <= options.maximumQueuedEvents else {
      return DaybookError(.queueFull, "\(waiting) events wait in memory")
    }
    guard bytes <= options.maximumBytes else {
      return DaybookError(
        isMemory ? .queueFull : .spoolFull, "the events that wait take \(bytes - size) bytes")
    }
    return nil
  }

  func takeGroup() -> Group? {
    shared.withLock { shared in
      guard !shared.group.adders.isEmpty else {
        shared.isDraining = false
        return nil
      }
      let group = shared.group
      shared.group = Group()
      shared.writing = group.events.count
      shared.writingBytes = group.bytes
      return group
    }
  }

  func written(_ group: Group, bytes: Int) {
    shared.withLock { shared in
      shared.writing = 0
      shared.writingBytes = 0
      shared.statistics.added += Int64(group.events.count)
      shared.statistics.bytes = bytes
    }
    onWritten.withLock { $0 }?()
    for adder in group.adders { adder.resume() }
  }

  func failed(_ group: Group, _ error: DaybookError) {
    shared.withLock { shared in
      shared.writing = 0
      shared.writingBytes = 0
      // After a failed write or fsync nobody knows what the disk holds; a full disk is no such failure.
      if error.code == .spoolFailed { shared.failure = error }
    }
    for adder in group.adders { adder.resume(throwing: error) }
  }

  /// Called after each group that was written.
  let onWritten = Mutex<(@Sendable () -> Void)?>(nil)

  func settled(bytes: Int) { shared.withLock { $0.statistics.bytes = bytes } }

  func count(_ change: (inout AppenderStatistics) -> Void) { shared.withLock { change(&$0.statistics) } }

  /// True where nothing waits for the disk or for delivery, so that waiting makes no room.
  var isIdle: Bool {
    shared.withLock { $0.statistics.pending == 0 && $0.group.events.isEmpty && $0.writing == 0 }
  }

  /// No more adds; returns false where it was closed before.
  func close() -> Bool {
    shared.withLock { shared in
      defer { shared.isClosed = true }
      return !shared.isClosed
    }
  }

  /// The appender cannot go on.
  func fail(_ error: DaybookError) {
    shared.withLock { $0.failure = error }
    settled.fail(error)
  }
}

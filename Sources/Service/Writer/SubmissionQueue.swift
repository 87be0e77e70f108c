import Synchronization

/// The bounded queue in front of a writer: callers add, the writer takes batches.
final class SubmissionQueue: Sendable {
  private struct State {
    var waiting: [Submission] = []
    var events = 0
    var bytes = 0
    /// True while a drain is running or on its way, so that nobody starts a second.
    var isDraining = false
    var isClosed = false
  }

  /// What became of an added submission.
  enum Admission {
    /// Queued; the caller must start a drain.
    case startDrain
    /// Queued; a drain is under way.
    case queued
    case full
    case closed
  }

  private let state = Mutex(State())
  private let limits: WriterLimits

  init(_ limits: WriterLimits) { self.limits = limits }

  func add(_ submission: Submission) -> Admission {
    state.withLock { state in
      if state.isClosed { return .closed }
      let isFull =
        state.events + submission.weight > limits.queuedEvents || state.bytes + submission.bytes > limits.queuedBytes
      // One submission alone is always let in, so that none is too large for ever.
      if isFull && !state.waiting.isEmpty { return .full }
      state.waiting.append(submission)
      state.events += submission.weight
      state.bytes += submission.bytes
      defer { state.isDraining = true }
      return state.isDraining ? .queued : .startDrain
    }
  }

  /// Whole submissions up to the batch's bound, at least one where any waits. An empty answer ends the drain.
  func takeBatch() -> [Submission] {
    state.withLock { state in
      var weight = 0
      var count = 0
      for submission in state.waiting {
        if count > 0 && weight + submission.weight > limits.batchEvents { break }
        weight += submission.weight
        count += 1
      }
      if count == 0 {
        state.isDraining = false
        return []
      }
      let rest = Array(state.waiting[count...])
      let batch = state.waiting.count == count ? state.waiting : Array(state.waiting[..<count])
      state.waiting = rest
      for submission in batch {
        state.events -= submission.weight
        state.bytes -= submission.bytes
      }
      return batch
    }
  }

  /// Events that wait.
  var depth: Int { state.withLock { $0.events } }

  /// Refuses what comes from now on; what waits is still done.
  func close() { state.withLock { $0.isClosed = true } }
}

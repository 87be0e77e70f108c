import Dispatch
import Synchronization

/// Deals out the ranges of a log to workers and puts what they found back in order.
///
/// A worker that is done with a range takes the next; whoever delivers the one that is due combines it and what waits behind it.
///
/// Sendable because the combiner is touched by the one worker that set `isCombining` under the lock, and after the last one
/// has ended.
final class RangeQueue: @unchecked Sendable {
  private struct State {
    var number = 0
    var after: Int64
    var isOver = false
    var waiting: [Int: CheckedChunk] = [:]
    var combined = 0
    var isCombining = false
    var failure: (any Error)?
  }

  private let state: Mutex<State>
  /// Bounds what was read and not combined: a worker that is stuck must not let the others read on without end.
  private let room: DispatchSemaphore
  private let combiner: LogCombiner
  private let head: Int64
  private let size: Int64
  private let progress: @Sendable (Int64, Int64) -> Void

  /// Ranges read ahead of the one that is due, for each worker.
  private static let ahead = 4

  init(
    after: Int64, head: Int64, size: Int64, combiner: LogCombiner, workers: Int,
    progress: @escaping @Sendable (Int64, Int64) -> Void
  ) {
    state = Mutex(State(after: after))
    room = DispatchSemaphore(value: workers * Self.ahead)
    self.combiner = combiner
    self.head = head
    self.size = size
    self.progress = progress
  }

  /// What ended the work before its end.
  var failure: (any Error)? { state.withLock { $0.failure } }

  /// The next range; nil at the end.
  func next() -> ChunkRange? {
    room.wait()
    let range: ChunkRange? = state.withLock { state in
      guard !state.isOver, state.after < head else { return nil }
      let upTo = state.after > head - size ? head : state.after + size
      defer { (state.number, state.after) = (state.number + 1, upTo) }
      return ChunkRange(number: state.number, after: state.after, upTo: upTo)
    }
    // Who waits must hear of the end, too.
    if range == nil { room.signal() }
    return range
  }

  /// Nothing stands up to a position: ranges in between need not be read. A forged position may be as large as an integer
  /// gets.
  func skip(to position: Int64) {
    state.withLock { $0.after = max($0.after, position) }
  }

  /// Takes back what was found.
  func deliver(_ chunk: CheckedChunk) {
    var due: CheckedChunk? = state.withLock { state in
      state.waiting[chunk.range.number] = chunk
      if state.isCombining { return nil }
      let due = state.waiting.removeValue(forKey: state.combined)
      state.isCombining = due != nil
      return due
    }
    while let chunk = due {
      combiner.take(chunk)
      room.signal()
      progress(combiner.report.events, head)
      due = state.withLock { state in
        state.combined += 1
        let due = state.waiting.removeValue(forKey: state.combined)
        state.isCombining = due != nil
        return due
      }
    }
  }

  /// Ends the work of all.
  func fail(_ error: any Error) {
    state.withLock { state in
      state.failure = state.failure ?? error
      state.isOver = true
    }
    room.signal()
  }
}

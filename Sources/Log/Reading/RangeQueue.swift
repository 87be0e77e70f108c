import Dispatch
import Synchronization

/// Deals out the ranges of a log to workers and hands over in order what they made of them.
///
/// A worker that is done with a range takes the next; whoever delivers the one that is due hands it over, and what waits behind
/// it.
///
/// Sendable because `take` is called by the one worker that set `isTaking` under the lock.
final class RangeQueue<Part: Sendable>: @unchecked Sendable {
  /// A range with its number, from 0.
  typealias Numbered = (number: Int, range: LogRange)

  private struct State {
    var number = 0
    var after: Int64
    var isOver = false
    /// Nil where a range gave nothing.
    var waiting: [Int: Part?] = [:]
    var due = 0
    var isTaking = false
    var failure: (any Error)?

    /// What is due, if it is there.
    mutating func nextDue() -> Part?? {
      let part = waiting.removeValue(forKey: due)
      isTaking = part != nil
      return part
    }
  }

  private let state: Mutex<State>
  /// Bounds what was read and not handed over: a worker that is stuck must not let the others read on without end.
  private let room = DispatchSemaphore(value: 0)
  private let upTo: Int64
  private let size: Int64
  private let take: (Part) throws -> Void

  /// Ranges read ahead of the one that is due, for each worker.
  private static var ahead: Int { 4 }

  init(after: Int64, upTo: Int64, size: Int64, workers: Int, take: @escaping (Part) throws -> Void) {
    state = Mutex(State(after: after))
    self.upTo = upTo
    self.size = size
    self.take = take
    // Raised here, not made so: a semaphore that is let go below the value it was made with ends the process.
    for _ in 0..<(workers * Self.ahead) { room.signal() }
  }

  /// What ended the work before its end.
  var failure: (any Error)? { state.withLock { $0.failure } }

  /// The next range; nil at the end.
  func next() -> Numbered? {
    room.wait()
    let next: Numbered? = state.withLock { state in
      guard !state.isOver, state.after < upTo else { return nil }
      let range = LogRange(after: state.after, upTo: state.after > upTo - size ? upTo : state.after + size)
      defer { (state.number, state.after) = (state.number + 1, range.upTo) }
      return (state.number, range)
    }
    // Who waits must hear of the end, too.
    if next == nil { room.signal() }
    return next
  }

  /// Nothing stands up to a position: ranges in between need not be read. A forged position may be as large as an integer
  /// gets.
  func skip(to position: Int64) {
    state.withLock { $0.after = max($0.after, position) }
  }

  /// Takes back what became of a range.
  ///
  /// - Throws: what taking it threw: nothing is handed over any more then.
  func deliver(_ part: Part?, of number: Int) throws {
    var due = state.withLock { state in
      state.waiting.updateValue(part, forKey: number)
      return state.isTaking ? nil : state.nextDue()
    }
    while let part = due {
      if let part { try take(part) }
      room.signal()
      due = state.withLock { state in
        state.due += 1
        return state.nextDue()
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

import Dispatch
import Synchronization

/// Hands pieces of bytes from one thread to another; who gives waits while a few are not yet taken.
final class PieceQueue: Sendable {
  private struct State {
    var pieces: [[UInt8]] = []
    var isEnded = false
    var failure: (any Error)?
    var isAbandoned = false
  }
  private let state = Mutex(State())
  private let room: DispatchSemaphore
  private let arrival = DispatchSemaphore(value: 0)

  /// With room for a few pieces.
  init() {
    // Made at 0 and raised: one that is let go below the value it was made with ends the process.
    room = DispatchSemaphore(value: 0)
    for _ in 0..<4 { room.signal() }
  }

  /// Who takes is gone.
  struct Abandoned: Error {}

  /// Gives a piece.
  ///
  /// - Throws: `Abandoned`.
  func give(_ piece: [UInt8]) throws {
    room.wait()
    let isAbandoned = state.withLock { state in
      state.pieces.append(piece)
      return state.isAbandoned
    }
    if isAbandoned { throw Abandoned() }
    arrival.signal()
  }

  /// Says that nothing more comes, or why.
  func end(_ failure: (any Error)? = nil) {
    state.withLock { ($0.isEnded, $0.failure) = (true, failure) }
    arrival.signal()
  }

  /// The next piece; nil after the last.
  ///
  /// - Throws: what kept the rest from coming.
  func take() throws -> [UInt8]? {
    arrival.wait()
    let (piece, failure) = state.withLock { state -> ([UInt8]?, (any Error)?) in
      if state.pieces.isEmpty { return (nil, state.failure) }
      return (state.pieces.removeFirst(), nil)
    }
    if let failure { throw failure }
    room.signal()
    return piece
  }

  /// Says that nobody takes any more.
  func abandon() {
    state.withLock { $0.isAbandoned = true }
    room.signal()
  }
}

internal import Dispatch
internal import Synchronization

/// Bytes on their way from a connection to one reader, with a bound.
///
/// A thread of our own waits for a reader that falls behind, and the server with it. URLSession on Linux cannot stop
/// reading; there the connection is cut, and the reader, after it has taken what is here, gets an error that says so.
/// Feeds resume from their position.
final class ByteMailbox: Sendable {
  private struct State {
    var bytes: [UInt8] = []
    var isFinished = false
    var failure: (any Error)?
    var reader: CheckedContinuation<[UInt8]?, any Error>?
    var cut: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())
  private let bound: Int
  private let waitsForReader: Bool
  private let room = DispatchSemaphore(value: 0)

  init(bound: Int, waitsForReader: Bool) {
    self.bound = bound
    self.waitsForReader = waitsForReader
  }

  /// What to do when the reader falls behind.
  func onOverflow(_ cut: @escaping @Sendable () -> Void) { state.withLock { $0.cut = cut } }

  /// Adds bytes; false where the reader has fallen behind by more than the bound, or has left.
  func offer(_ piece: [UInt8]) -> Bool {
    guard !piece.isEmpty else { return true }
    while waitsForReader, state.withLock({ !$0.isFinished && $0.bytes.count >= bound }) { room.wait() }
    var reader: CheckedContinuation<[UInt8]?, any Error>?
    var cut: (@Sendable () -> Void)?
    let isTaken = state.withLock { state in
      guard !state.isFinished else { return false }
      if let waiting = state.reader {
        reader = waiting
        state.reader = nil
        return true
      }
      guard waitsForReader || state.bytes.count + piece.count <= bound else {
        state.isFinished = true
        state.failure = DaybookError(.connection, "the reader fell behind the stream")
        cut = state.cut
        return false
      }
      state.bytes += piece
      return true
    }
    reader?.resume(returning: piece)
    cut?()
    return isTaken
  }

  /// No more bytes come; the reader gets what is here, then the failure or the end.
  func finish(_ failure: (any Error)?) {
    let reader = state.withLock { state -> CheckedContinuation<[UInt8]?, any Error>? in
      guard !state.isFinished else { return nil }
      state.isFinished = true
      state.failure = failure
      defer { state.reader = nil }
      return state.reader
    }
    room.signal()
    if let failure { reader?.resume(throwing: failure) } else { reader?.resume(returning: nil) }
  }

  /// All bytes that have come, waiting for the first; nil at the end. One reader at a time.
  func next() async throws -> [UInt8]? {
    try await withCheckedThrowingContinuation { reader in
      let answer: Result<[UInt8]?, any Error>? = state.withLock { state in
        if !state.bytes.isEmpty {
          defer {
            if state.bytes.count >= bound { room.signal() }
            state.bytes = []
          }
          return .success(state.bytes)
        }
        if state.isFinished { return state.failure.map { .failure($0) } ?? .success(nil) }
        precondition(state.reader == nil, "a stream has one reader")
        state.reader = reader
        return nil
      }
      if let answer { reader.resume(with: answer) }
    }
  }
}

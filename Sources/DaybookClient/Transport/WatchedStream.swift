internal import Dispatch
internal import Synchronization

/// A stream whose silence is watched, which no transport does.
struct WatchedStream {
  let stream: TransportStream

  /// The next piece of the body, waiting for it; nil at the end.
  ///
  /// - Throws: ``DaybookError`` with `timeout` where nothing comes for so long, or `connection`; `CancellationError`.
  func next(within silence: Duration) async throws -> [UInt8]? {
    let isSilent = SilenceFlag()
    // Not the stream itself: a queue keeps what was cancelled until its time, and the stream would stay open as long.
    let cancel = stream.cancel
    let alarm = DispatchWorkItem {
      isSilent.raise()
      cancel()
    }
    DispatchQueue.global().asyncAfter(deadline: .now() + silence.seconds, execute: alarm)
    defer { alarm.cancel() }
    do {
      return try await stream.next()
    } catch  where isSilent.isRaised && !Task.isCancelled {
      throw DaybookError(.timeout, "the stream was silent for \(silence)", cause: error)
    }
  }
}

/// Tells a wait that was ended by silence from one that the caller cancelled.
private final class SilenceFlag: Sendable {
  private let raised = Mutex(false)

  var isRaised: Bool { raised.withLock { $0 } }

  func raise() { raised.withLock { $0 = true } }
}

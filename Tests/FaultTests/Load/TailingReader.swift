import DaybookClient
import Synchronization
import Testing

/// Reads along and holds that each position follows the one before.
final class TailingReader: Sendable {
  private struct State {
    var last: Int64 = 0
    var fault: String?
  }
  private let state = Mutex(State())
  private let task = Mutex<Task<Void, Never>?>(nil)

  init(_ read: @escaping @Sendable (TailingReader) async throws -> Void) {
    let reading = Task {
      do { try await read(self) } catch {
        if !Task.isCancelled { self.state.withLock { $0.fault = "\(error)" } }
      }
    }
    task.withLock { $0 = reading }
  }

  /// Follows the live feed, which comes back by itself when it breaks.
  static func following(_ daybook: Daybook) -> TailingReader {
    TailingReader { reader in
      for try await record in daybook.follow() { reader.saw(record.position) }
    }
  }

  var last: Int64 { state.withLock { $0.last } }
  var fault: String? { state.withLock { $0.fault } }

  func saw(_ position: Int64) {
    state.withLock { state in
      if position != state.last + 1 && state.fault == nil { state.fault = "\(position) came behind \(state.last)" }
      state.last = position
    }
  }

  func stop() { task.withLock { $0?.cancel() } }

  /// Waits until it has seen `head`, and ends it.
  func expect(_ head: Int64, _ place: SourceLocation = #_sourceLocation) async {
    let isThere = await FaultPlan.eventually(within: .seconds(60)) { last == head || fault != nil }
    #expect(isThere, "at \(last), the head is \(head)", sourceLocation: place)
    #expect(fault == nil, sourceLocation: place)
    stop()
  }
}

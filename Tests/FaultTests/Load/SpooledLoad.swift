import DaybookClient
import Synchronization
import Testing

/// A client that hands its events to a spool on disk, one by one, and leaves the rest to it.
final class SpooledLoad: Sendable {
  private let appender: BufferedAppender
  private let stopping: StopSign
  private let adding: Task<[String], any Error>

  /// Begins to add.
  init(_ daybook: Daybook, folder: String, seed: UInt64) async throws {
    let options = BufferedAppenderOptions(
      durability: .disk(folder: folder), retry: RetryPolicy(longestDelay: .milliseconds(500)))
    let appender = try await BufferedAppender(daybook, options) { Issue.record("refused: \($0)") }
    self.appender = appender
    let stopping = StopSign()
    self.stopping = stopping
    adding = Task {
      var source = EventSource("spooled", seed: seed)
      var ids: [String] = []
      while !stopping.isUp {
        let event = source.next()
        try await appender.add(event)
        ids.append(event.id)
        try await Task.sleep(for: .milliseconds(5))
      }
      return ids
    }
  }

  /// Adds no more, waits until all is delivered, and answers the ids in the order in which they were added.
  func finish() async throws -> [String] {
    stopping.raise()
    let ids = try await adding.value
    #expect(try await appender.close(deadline: .seconds(120)) == 0)
    return ids
  }
}

/// Tells a task to come to its end.
final class StopSign: Sendable {
  private let raised = Mutex(false)
  var isUp: Bool { raised.withLock { $0 } }
  func raise() { raised.withLock { $0 = true } }
}

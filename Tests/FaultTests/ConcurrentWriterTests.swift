import DaybookClient
import Postgres
import Synchronization
import Testing
import TestKit

extension Faults {
  /// Several processes write one ledger, and others read along.
  @Suite struct ConcurrentWriterTests {
    @Test("three processes write, and neither a live feed nor a pager misses anything or sees it out of order")
    func tailing() async throws {
      var random = FaultPlan.random()
      for _ in 0..<FaultPlan.rounds(1) {
        try await withDatabase { settings in
          let deployment = try await Deployment(settings)
          var servers: [ServeProcess] = []
          for _ in 0..<3 { servers.append(try await deployment.serve()) }
          let feed = Self.follow(servers[0].daybook)
          let pages = Self.page(servers[1].daybook)
          let load = Load(servers.map(\.daybook))
          load.start(8, "w", &random)
          try await Task.sleep(for: .seconds(6))
          await load.finish()
          #expect(load.failures.isEmpty)

          let audit = try await LogAudit(servers[2].daybook)
          audit.checkRules()
          audit.check(load.journal)
          let isCaughtUp = await FaultPlan.eventually(within: .seconds(10)) {
            feed.last == audit.head && pages.last == audit.head
          }
          #expect(isCaughtUp, "feed \(feed.last), pages \(pages.last), head \(audit.head)")
          for reader in [feed, pages] {
            reader.stop()
            #expect(reader.fault == nil)
          }
          try await deployment.verify()
        }
      }
    }

    private static func follow(_ daybook: Daybook) -> TailingReader {
      TailingReader { reader in
        for try await record in daybook.follow() { reader.saw(record.position) }
      }
    }

    private static func page(_ daybook: Daybook) -> TailingReader {
      TailingReader { reader in
        while true {
          for record in try await daybook.events(after: reader.last, limit: 1000).records {
            reader.saw(record.position)
          }
          try await Task.sleep(for: .milliseconds(5))
        }
      }
    }
  }
}

/// Reads along and holds that each position follows the one before.
private final class TailingReader: Sendable {
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

  var last: Int64 { state.withLock { $0.last } }
  var fault: String? { state.withLock { $0.fault } }

  func saw(_ position: Int64) {
    state.withLock { state in
      if position != state.last + 1 && state.fault == nil { state.fault = "\(position) came behind \(state.last)" }
      state.last = position
    }
  }

  func stop() { task.withLock { $0?.cancel() } }
}

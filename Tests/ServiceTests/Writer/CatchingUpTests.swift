import Domain
import Log
import Postgres
import TestKit
import Testing

@testable import Service

/// A writer that reads what others wrote outside the lock once left its cached sequences behind: it gave a sequence twice
/// and answered with an internal fault, or refused an expectation that held.
@Suite struct CatchingUpTests {
  @Test func subjectsAreCountedOnWhileCatchingUpBetweenBatches() async throws {
    try await withDatabase { settings in
      let bench = try WriterBench(settings)
      let (one, other) = (bench.writer(), bench.writer())
      for turn in Int64(0)..<4 {
        let id = "\(turn)"
        _ = try await one.append([WriterBench.note("a" + id)], by: WriterBench.service, bytes: 10)
        _ = try await other.append([WriterBench.note("b" + id)], by: WriterBench.service, bytes: 10)
        // The second way to catch up is a look at the memory; both are without the lock.
        if turn % 2 == 0 { await one.tick() } else { _ = try await one.look { $0.position } }
        // Twice the same: the second is answered from the log, in a batch that looks identities up.
        for isDuplicate in [false, true] {
          let answer = try await one.append(
            [WriterBench.note("c" + id, expected: 3 * turn + 2)], by: WriterBench.service, bytes: 10)
          #expect(answer.receipts.map(\.sequence) == [3 * turn + 3])
          #expect(answer.receipts.map(\.duplicate) == [isDuplicate])
        }
      }
      #expect(try bench.log().map(\.sequence) == Array(1...12))
      await one.close()
      await other.close()
    }
  }
}

import Control
import Domain
import Foundation
import Integrity
import Log
import Postgres
import Synchronization
import TestKit
import Testing

@testable import Service

@Suite struct LedgerWriterTests {
  @Test func appendsStandGaplessWithTheRootOfTheirEntries() async throws {
    try await withDatabase { settings in
      let bench = try WriterBench(settings)
      let writer = bench.writer()
      var last: AppendAnswer?
      for round in 0..<30 {
        let drafts = try (0...round).map { try WriterBench.note("n-\(round)-\($0)", subject: "note/\($0 % 7)") }
        last = try await writer.append(drafts, by: WriterBench.service, bytes: 100)
        #expect(last?.receipts.map(\.position).last == last?.position)
      }
      let log = try bench.log()
      #expect(log.map(\.position) == Array(1...Int64(log.count)))
      for subject in Set(log.map(\.subject)) {
        let sequences = log.filter { $0.subject == subject }.map(\.sequence)
        #expect(sequences == Array(1...Int64(sequences.count)))
      }
      #expect(zip(log, log.dropFirst()).allSatisfy { $0.recordedAt <= $1.recordedAt })
      #expect(try bench.rootByDefinition() == last?.root)
      await writer.close()
    }
  }

  @Test func theSameIdentityThirtyTimesAtOnceIsOneEventAndThirtyEqualAnswers() async throws {
    try await withDatabase { settings in
      let bench = try WriterBench(settings)
      let writers = [bench.writer(), bench.writer(), bench.writer()]
      let answers = try await withThrowingTaskGroup(of: AppendReceipt.self) { group in
        for turn in 0..<30 {
          group.addTask {
            let answer = try await writers[turn % 3].append(
              [WriterBench.note("same")], by: WriterBench.service, bytes: 10)
            return answer.receipts[0]
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(answers.count == 30)
      #expect(answers.filter { !$0.duplicate }.count == 1)
      #expect(Set(answers.map(\.position)) == [1])
      #expect(Set(answers.map(\.recordedAt)).count == 1)
      #expect(try bench.log().count == 1)
      for writer in writers { await writer.close() }
    }
  }

  @Test func theSameIdentityWithOtherContentIsAConflictThatNamesTheFields() async throws {
    try await withDatabase { settings in
      let bench = try WriterBench(settings)
      let writer = bench.writer()
      _ = try await writer.append([WriterBench.note("a", text: "one")], by: WriterBench.service, bytes: 10)
      await #expect(
        throws: WriteError(.identityConflict(index: 1, fields: ["data"]), "the id and source stand at position 1")
      ) {
        try await writer.append(
          [WriterBench.note("b"), WriterBench.note("a", text: "two")], by: WriterBench.service, bytes: 10)
      }
      // All or nothing: the first of the two was not written.
      #expect(try bench.log().map(\.id) == ["a"])
      await writer.close()
    }
  }

  @Test func anExpectedSequenceHoldsOrNothingIsWritten() async throws {
    try await withDatabase { settings in
      let bench = try WriterBench(settings)
      let writer = bench.writer()
      _ = try await writer.append([WriterBench.note("a", expected: 0)], by: WriterBench.service, bytes: 10)
      _ = try await writer.append(
        [WriterBench.note("b", expected: 1), WriterBench.note("c", expected: 2)], by: WriterBench.service, bytes: 10)
      await #expect(throws: WriteError.self) {
        try await writer.append([WriterBench.note("d", expected: 2)], by: WriterBench.service, bytes: 10)
      }
      // A repetition is answered before its expectation is looked at.
      let again = try await writer.append([WriterBench.note("a", expected: 0)], by: WriterBench.service, bytes: 10)
      #expect(again.receipts[0].duplicate && again.receipts[0].position == 1)
      // A fresh process knows the subject's sequence from the log.
      let fresh = bench.writer()
      _ = try await fresh.append([WriterBench.note("e", expected: 3)], by: WriterBench.service, bytes: 10)
      #expect(try bench.log().map(\.sequence) == [1, 2, 3, 4])
      await writer.close()
      await fresh.close()
    }
  }

  @Test func aSubjectThatLeftTheCacheGoesOnCounting() async throws {
    try await withDatabase { settings in
      let bench = try WriterBench(settings)
      var limits = WriterLimits()
      limits.cachedSubjects = 2
      let writer = bench.writer(limits)
      for turn in 0..<20 {
        _ = try await writer.append(
          [WriterBench.note("n-\(turn)", subject: "note/\(turn % 10)")], by: WriterBench.service, bytes: 10)
      }
      #expect(try bench.log().map(\.sequence) == Array(repeating: 1, count: 10) + Array(repeating: 2, count: 10))
      await writer.close()
    }
  }

  @Test func severalProcessesAppendAtOnceAndATailMissesNothing() async throws {
    try await withDatabase { settings in
      let bench = try WriterBench(settings)
      let tail = Task { () -> [Int64] in
        let pool = ConnectionPool(settings, size: 1)
        var seen: [Int64] = []
        while seen.count < 4 * 60 * 5 {
          var filter = LogFilter()
          filter.after = seen.last ?? 0
          let page = filter
          seen += try await pool.withConnection { connection in
            try LogReader(connection, ledger: "main").page(page, limit: 1000).map(\.position)
          }
        }
        await pool.close()
        return seen
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for process in 0..<4 {
          let writer = bench.writer()
          group.addTask {
            for turn in 0..<60 {
              let drafts = try (0..<5).map {
                try WriterBench.note("p\(process)-\(turn)-\($0)", subject: "note/\($0)")
              }
              _ = try await writer.append(drafts, by: WriterBench.service, bytes: 10)
            }
            await writer.close()
          }
        }
        try await group.waitForAll()
      }
      #expect(try await tail.value == Array(1...1200))
      let log = try bench.log()
      for subject in Set(log.map(\.subject)) {
        #expect(log.filter { $0.subject == subject }.map(\.sequence) == Array(1...240))
      }
    }
  }

  @Test func aNewProcessTakesTheTreeUpWhereTheLastOneLeftIt() async throws {
    try await withDatabase { settings in
      let bench = try WriterBench(settings)
      for process in 0..<3 {
        let writer = bench.writer()
        var root: [UInt8] = []
        for turn in 0..<5 {
          let drafts = try (0..<313).map {
            try WriterBench.note("p\(process)-\(turn)-\($0)", subject: "s/\(turn)-\($0)")
          }
          root = try await writer.append(drafts, by: WriterBench.service, bytes: 10).root
        }
        #expect(try bench.rootByDefinition() == root)
        await writer.close()
      }
      let connection = try Connection(settings)
      let rows = try connection.execute(
        "SELECT position FROM daybook.seals WHERE ledger_id = 'main' ORDER BY position")
      let seals = (0..<rows.count).map { rows.int64($0, 0) }
      #expect(zip([0] + seals, seals + [4695]).allSatisfy { $1 - $0 <= Seal.interval })
      connection.close()
    }
  }

  @Test func personsAreKeyedByOneTokenAndTheirNamesStandApart() async throws {
    try await withDatabase { settings in
      let bench = try WriterBench(settings)
      let writer = bench.writer()
      for turn in 0..<3 {
        let data = JSON.object([
          "strategy": .text("growth"), "customer": .text("Zoë"), "earned_at": .text("2026-01-02T03:04:05Z"),
          "revenue": .object(["amount": .text("1.5"), "currency": .text("USD")]),
        ])
        let draft = try EventDraft(
          planned: "revenue.earned", subject: "revenue/\(turn)", id: "r-\(turn)", source: "/test", data: data)
        _ = try await writer.append([draft], by: WriterBench.service, bytes: 10)
      }
      let log = try bench.log()
      let tokens = try log.map { try JSON(parsing: $0.derived ?? [])["persons"]?["/customer"]?.string }
      #expect(Set(tokens).count == 1)
      #expect(tokens.first.flatMap { $0 }?.hasPrefix("p_") == true)
      for event in log {
        #expect(!String(decoding: event.data, as: UTF8.self).contains("Zo"))
        #expect(try JSON(parsing: event.personal ?? []) == .object(["/customer": .text("Zoë")]))
        #expect(event.salt?.count == 16)
      }
      #expect(Set(log.map(\.salt)).count == 3)
      await writer.close()
    }
  }

  @Test func aFullQueueSaysSoAndClaimsNothing() async throws {
    try await withDatabase { settings in
      let bench = try WriterBench(settings)
      var limits = WriterLimits()
      limits.queuedEvents = 4
      let writer = bench.writer(limits)
      let blocker = try Connection(settings)
      try blocker.script("BEGIN; SELECT 1 FROM daybook.ledgers WHERE ledger_id = 'main' FOR NO KEY UPDATE")
      let refusals = Counter()
      let results = await withTaskGroup(of: Result<AppendAnswer, WriteError>.self) { group in
        for turn in 0..<40 {
          group.addTask {
            do {
              return .success(
                try await writer.append([WriterBench.note("q-\(turn)")], by: WriterBench.service, bytes: 10))
            } catch let error as WriteError {
              refusals.add()
              return .failure(error)
            } catch { return .failure(WriteError(.internalFault, "\(error)")) }
          }
        }
        // Nothing is written before somebody was refused.
        let deadline = ContinuousClock.now + .seconds(30)
        while refusals.value == 0, ContinuousClock.now < deadline { try? await Task.sleep(for: .milliseconds(5)) }
        try? blocker.script("COMMIT")
        return await group.reduce(into: []) { $0.append($1) }
      }
      let written = results.filter { if case .success = $0 { true } else { false } }.count
      let refused = results.filter { if case .failure(let error) = $0 { error.code == .overloaded } else { false } }
        .count
      #expect(written + refused == 40)
      #expect(refused > 0)
      #expect(try bench.log().count == written)
      await writer.close()
    }
  }
}

/// Counts from many tasks.
private final class Counter: Sendable {
  private let count = Mutex(0)
  var value: Int { count.withLock { $0 } }
  func add() { count.withLock { $0 += 1 } }
}

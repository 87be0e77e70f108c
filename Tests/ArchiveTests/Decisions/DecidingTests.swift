import Archive
import Control
import Domain
import Log
import Postgres
import Service
import TestKit
import Testing

/// Decisions through the writer, by several processes and many callers at once.
@Suite struct DecidingTests {
  /// The events of decisions, in the order of the log.
  private func decisions(_ ledger: DecidingLedger) throws -> [RecordedEvent] {
    let connection = try Connection(ledger.settings)
    defer { connection.close() }
    var filter = LogFilter()
    filter.types = ["route.decided", "route.denied"]
    return try LogReader(connection, ledger: "main").page(filter, limit: 1_000)
  }

  @Test func twoProcessesNeverOverspendOneBudget() async throws {
    try await withDatabase { settings in
      let ledger = try await DecidingLedger(settings)
      let other = ledger.otherProcess()
      // A hundredth of a dollar has room for five calls of two thousandths.
      let allowed = try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<24 {
          group.addTask {
            let event = try await ledger.decide("c\(number)", asking: number % 2 == 0 ? nil : other)
            return event.type == "route.decided"
          }
        }
        return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      #expect(allowed == 5)
      #expect(try decisions(ledger).count == 24)
      for writer in [ledger.writer, other] { await writer.close() }
    }
  }

  @Test func nothingIsDecidedAfterAKillSwitchThatFallsAmongACrowd() async throws {
    try await withDatabase { settings in
      let ledger = try await DecidingLedger(settings)
      let other = ledger.otherProcess()
      let stop = try await withThrowingTaskGroup(of: Int64?.self) { group in
        for number in 0..<100 {
          if number == 40 {
            group.addTask {
              try await ledger.run(
                .activateKillSwitch(scope: "operation/chat", reason: "drill", triggeredBy: "cli")
              ).receipts[0].position
            }
          }
          group.addTask {
            try await ledger.decide("c\(number)", user: "u\(number)", asking: number % 2 == 0 ? nil : other)
            return nil
          }
        }
        return try await group.reduce(into: Int64(0)) { $0 = max($0, $1 ?? 0) }
      }
      let made = try decisions(ledger)
      #expect(made.count == 100)
      #expect(made.allSatisfy { ($0.type == "route.decided") == ($0.position < stop) })
      let connection = try Connection(settings)
      defer { connection.close() }
      let report = try KillSwitchReport.run(connection, ledger: "main", scope: "operation/chat")
      #expect(report.holds)
      #expect(report.activations.first?.inFlight.count == Int64(made.filter { $0.position < stop }.count))
      #expect(report.activations.first?.refused.count == Int64(made.filter { $0.position > stop }.count))
      for writer in [ledger.writer, other] { await writer.close() }
    }
  }

  @Test func anIDIsDecidedOnceAndForItsOwnerOnly() async throws {
    try await withDatabase { settings in
      let ledger = try await DecidingLedger(settings)
      let other = ledger.otherProcess()
      let first = try await ledger.decide("c1")
      #expect(try await ledger.decide("c1", asking: other).position == first.position)
      #expect(try await ledger.decide("c1").position == first.position)
      // Another key of the same owner may ask again; another owner, another person and another request are conflicts.
      let second = Principal(key: "service000002", kind: .service, owner: "alice", roles: [.service])
      #expect(try await ledger.decide("c1", by: second).position == first.position)
      let stranger = Principal(key: "service000003", kind: .service, owner: "bob", roles: [.service])
      let conflict = WriteError.Code.identityConflict(index: 0, fields: ["request"])
      for (user, tokens, principal) in [
        ("zoe", 1_000, stranger), ("max", 1_000, second), ("zoe", 1_001, second),
      ] {
        let error = await #expect(throws: WriteError.self) {
          try await ledger.decide("c1", user: user, tokens: Int64(tokens), by: principal)
        }
        #expect(error?.code == conflict)
      }
      #expect(try decisions(ledger).map(\.id) == ["c1"])
      for writer in [ledger.writer, other] { await writer.close() }
    }
  }

  @Test func whatAWriterKnowsIsWhatTheLogGives() async throws {
    try await withDatabase { settings in
      let ledger = try await DecidingLedger(settings)
      for number in 1...4 { try await ledger.decide("c\(number)") }
      let connection = try Connection(settings)
      defer { connection.close() }
      try ControlSnapshot.keep(try await ledger.writer.look { $0.state }, connection)
      try await ledger.complete("c1")
      try await ledger.complete("c2", "absorbed")
      try await ledger.complete("c3", "error")
      try await ledger.decide("c5", tokens: 4_000)
      let (position, live) = try await ledger.writer.look { ($0.position, $0.state.digest) }
      for fromSnapshot in [false, true] {
        let folded = try ControlFold.state(of: "main", at: position, fromSnapshot: fromSnapshot, connection)
        #expect(folded.digest == live)
      }
      let restarted = ledger.otherProcess()
      #expect(try await restarted.look { $0.state.digest } == live)
      for writer in [ledger.writer, restarted] { await writer.close() }
    }
  }
}

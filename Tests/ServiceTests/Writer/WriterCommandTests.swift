import Control
import Domain
import Foundation
import Log
import Postgres
import TestKit
import Testing

@testable import Service

@Suite struct WriterCommandTests {
  private func run(
    _ writer: LedgerWriter, _ command: Command, by principal: Principal = WriterBench.human,
    key: String = FreshID.next(),
    request: String = "r"
  ) async throws -> AppendAnswer {
    try await writer.command(command, by: principal, key: key, request: request, freshID: FreshID.next())
  }

  @Test func aPersonInAScopeIsKnownToTheLogByATokenOnly() async throws {
    try await withDatabase { settings in
      let bench = try WriterBench(settings)
      let writer = bench.writer()
      let scope: ExactText = "user/Zoë Müller"
      // What is refused leaves no trace, not even a token.
      await #expect(throws: WriteError.self) {
        try await run(writer, .deactivateKillSwitch(scope: scope, reason: "none", triggeredBy: "api"))
      }
      _ = try await run(writer, .activateKillSwitch(scope: scope, reason: "stop", triggeredBy: "api"))
      let event = try #require(try bench.log().first)
      let token = try #require(try JSON(parsing: event.data)["scope"]?.string)
      #expect(token.hasPrefix("user/p_") && event.subject == "kill-switch/\(token)")
      let connection = try Connection(settings)
      let rows = try connection.execute("SELECT kind, value, 'user/' || token FROM daybook.persons")
      #expect(rows.count == 1)
      #expect(rows.string(0, 1) == "Zoë Müller" && rows.string(0, 2) == token)
      connection.close()
      // Another process finds the same person, and a second activation is refused.
      let other = bench.writer()
      await #expect(throws: WriteError.self) {
        try await run(other, .activateKillSwitch(scope: scope, reason: "again", triggeredBy: "api"))
      }
      _ = try await run(other, .deactivateKillSwitch(scope: scope, reason: "go on", triggeredBy: "api"))
      #expect(try bench.log().map(\.sequence) == [1, 2])
      await writer.close()
      await other.close()
    }
  }

  @Test func aCommandWithTheSameKeyRunsOnceWhicheverProcessIsAsked() async throws {
    try await withDatabase { settings in
      let bench = try WriterBench(settings)
      let writers = [bench.writer(), bench.writer()]
      let command = Command.activateKillSwitch(scope: "global", reason: "stop", triggeredBy: "api")
      let first = try await run(writers[0], command, key: "k")
      let second = try await run(writers[1], command, key: "k")
      #expect(first.receipts.map(\.duplicate) == [false] && second.receipts.map(\.duplicate) == [true])
      #expect(first.receipts.map(\.position) == second.receipts.map(\.position))
      await #expect(throws: WriteError.self) { try await run(writers[1], command, key: "k", request: "another") }
      // The same key of another credential is another command.
      await #expect(throws: WriteError.self) { try await run(writers[0], command, by: WriterBench.other, key: "k") }
      #expect(try bench.log().count == 1)
      for writer in writers { await writer.close() }
    }
  }

  @Test func ofTwoGrantsAtOnceInTwoProcessesOneIsAConflict() async throws {
    try await withDatabase { settings in
      let bench = try WriterBench(settings)
      let writers = [bench.writer(), bench.writer()]
      for round in 0..<10 {
        let body = JSON.object([
          "kind": .text("action"), "change": .object(["do": .text("it")]), "reason_code": .text("test"),
          "change_digest": .text(String(repeating: "ab", count: 32)),
        ])
        let asked = try await run(writers[round % 2], .requestApproval(body))
        let subject = try #require(asked.events.first?.subject)
        let id = String(subject.dropFirst("approval/".count))
        let outcomes = await withTaskGroup(of: WriteError.Code?.self) { group in
          for writer in writers {
            group.addTask {
              do throws(WriteError) {
                _ = try await writer.command(
                  .grantApproval(id: id, reason: "fine"), by: WriterBench.other, key: FreshID.next(), request: "r",
                  freshID: FreshID.next())
                return nil
              } catch { return error.code }
            }
          }
          return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.filter { $0 == nil }.count == 1)
        let refusal = outcomes.compactMap { code in if case .refused(let refusal) = code { refusal } else { nil } }
          .first
        #expect(refusal?.code == "approval-not-open" && refusal?.status == 409)
      }
      for writer in writers { await writer.close() }
    }
  }
}

extension WriterCommandTests {
  /// A batch of ours that also reads what another process decided once published only its own changes: a switch that was
  /// pulled elsewhere stayed unseen behind a fresh position.
  @Test func whatAnotherProcessDecidedIsShownByTheNextBatchOfOurs() async throws {
    try await withDatabase { settings in
      let bench = try WriterBench(settings)
      let (ours, theirs) = (bench.writer(), bench.writer())
      _ = try await ours.append([WriterBench.note("a")], by: WriterBench.service, bytes: 10)
      let stop = Command.activateKillSwitch(scope: "global", reason: "stop", triggeredBy: "api")
      _ = try await theirs.command(
        stop, by: WriterBench.human, key: "k", request: "r", freshID: FreshID.next())
      _ = try await ours.append([WriterBench.note("b")], by: WriterBench.service, bytes: 10)
      let board = ours.board.current
      #expect(board.position == 3)
      #expect(board.control?.activeKillSwitches.map(\.scope) == ["global"])
      await ours.close()
      await theirs.close()
    }
  }
}

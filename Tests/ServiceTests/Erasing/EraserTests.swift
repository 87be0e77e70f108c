import Control
import Domain
import Log
import Postgres
import TestKit
import Testing

@testable import Service

/// A large erasure: what its commit does not come to is done afterwards, whoever ends in between.
@Suite struct EraserTests {
  private static let calls = 12_000

  private static func completion(_ number: Int, user: String) throws -> EventDraft {
    try EventDraft(
      planned: "completion.recorded", subject: "call/\(number)", id: "c-\(number)", source: "/test",
      data: .object([
        "operation": .text("chat"), "model": .text("m"), "provider": .text("p"), "attempt": .integer(1),
        "status": .text("ok"), "usage_source": .text("absent"), "latency_ms": .integer(1), "user": .text(user),
        "usage": .object([ExactText: JSON]()),
      ]))
  }

  private static func count(_ settings: ConnectionSettings, _ sql: String) throws -> Int64 {
    let connection = try Connection(settings)
    defer { connection.close() }
    return try connection.execute(sql).int64(0, 0)
  }

  private static let held = "SELECT count(*) FROM daybook.events WHERE personal IS NOT NULL"
  private static let persons = "SELECT count(*) FROM daybook.persons WHERE value = 'mallory'"

  /// Asks for the erasure of a user, and grants it.
  private static func erase(_ writer: LedgerWriter) async throws -> AppendAnswer {
    func run(_ command: Command, _ principal: Principal, scan: SelectorScan? = nil) async throws -> AppendAnswer {
      try await writer.command(
        command, by: principal, key: FreshID.next(), request: "r", freshID: FreshID.next(), scan: scan)
    }
    let body = JSON.object([
      "erasure": .text("e"), "user": .text("mallory"), "reason": .text("asked"), "legal_basis": .text("law"),
    ])
    let change = Change(operation: .eraseData, subject: "erasure/e", body: body)
    let asked = try await run(.change(change, terms: nil, breakGlass: nil), WriterBench.human)
    let approval = String(try #require(asked.events.first).subject.dropFirst("approval/".count))
    return try await run(.grantApproval(id: approval, reason: "seen"), WriterBench.other)
  }

  @Test func whatACommitDoesNotComeToIsDoneByTheNextProcess() async throws {
    try await withDatabase { settings in
      let bench = try WriterBench(settings)
      let writer = bench.writer()
      let opening = JSON.object([
        "name": .text("main"), "time_zone": .text("UTC"), "reporting_currency": .text("USD"),
      ])
      _ = try await writer.command(
        .openLedger(opening, prices: []), by: .system, key: "open", request: "r", freshID: "f")
      for start in stride(from: 0, to: Self.calls, by: 2_000) {
        let drafts = try (start..<start + 2_000).map { try Self.completion($0, user: $0 == 7 ? "eve" : "mallory") }
        _ = try await writer.append(drafts, by: WriterBench.service, bytes: 1)
      }
      let answer = try await Self.erase(writer)
      let erasures = answer.events.filter { $0.type == "payload.erased" }
      #expect(erasures.count > 2)
      // The name is gone with the commit, and the first personal parts; the rest waits.
      #expect(try Self.count(settings, Self.persons) == 0)
      let left = try Self.count(settings, Self.held)
      #expect(left > 1 && left < Int64(Self.calls) / 2 + 2_000)
      // Who is named from now on is somebody else.
      _ = try await writer.append([try Self.completion(99_999, user: "mallory")], by: WriterBench.service, bytes: 1)
      await writer.close()

      let registry = LedgerRegistry(settings, limits: .init())
      let eraser = Eraser(registry)
      let working = Task { await eraser.run() }
      let last = try #require(erasures.last).position
      while eraser.position(of: "main") < last { try await Task.sleep(for: .milliseconds(20)) }
      working.cancel()
      await working.value
      await registry.close()
      #expect(try Self.count(settings, Self.held) == 2)
      #expect(try Self.count(settings, Self.persons) == 1)
      #expect(try Self.count(settings, "SELECT count(*) FROM daybook.events WHERE salt IS NOT NULL") == 2)
    }
  }

  /// Each process keeps the tokens that it saw: an erasure by another one takes them from it.
  @Test(arguments: [1, 1_500])
  func aPersonWhomAnotherProcessForgotGetsAnotherToken(eventsBetween: Int) async throws {
    try await withDatabase { settings in
      let bench = try WriterBench(settings)
      let (one, other) = (bench.writer(), bench.writer())
      let opening = JSON.object([
        "name": .text("main"), "time_zone": .text("UTC"), "reporting_currency": .text("USD"),
      ])
      _ = try await one.command(
        .openLedger(opening, prices: []), by: .system, key: "open", request: "r", freshID: "f")
      func append(_ number: Int, _ writer: LedgerWriter) async throws {
        _ = try await writer.append(
          [try Self.completion(number, user: "mallory"), try Self.completion(-number, user: "eve")],
          by: WriterBench.service, bytes: 1)
      }
      try await append(1, one)
      try await append(2, one)
      try await append(3, other)
      _ = try await Self.erase(other)
      try await append(4, other)
      _ = try await other.append(
        try (0..<eventsBetween).map { try WriterBench.note("between-\($0)") }, by: WriterBench.service, bytes: 1)
      try await append(5, one)
      try await append(6, one)
      let calls = try bench.log().filter { $0.type == "completion.recorded" }
      func tokens(_ sign: Int) throws -> [String?] {
        try calls.filter { $0.id.hasPrefix("c--") == (sign < 0) }.map {
          try JSON(parsing: $0.derived ?? [])["persons"]?["/user"]?.string
        }
      }
      let mallory = try tokens(1)
      #expect(Set(mallory[..<3]).count == 1 && Set(mallory[3...]).count == 1 && mallory[0] != mallory[3])
      #expect(Set(try tokens(-1)).count == 1)
      let connection = try Connection(settings)
      let kept = try connection.execute("SELECT token FROM daybook.persons WHERE value = 'mallory'")
      #expect(kept.count == 1 && kept.string(0, 0) == mallory[3])
      connection.close()
      await one.close()
      await other.close()
    }
  }

  @Test func whatIsAppendedInTheSameBatchBeforeAnErasureIsErasedAndWhatComesAfterIsNot() async throws {
    try await withDatabase { settings in
      let bench = try WriterBench(settings)
      let first = bench.writer()
      let opening = JSON.object([
        "name": .text("main"), "time_zone": .text("UTC"), "reporting_currency": .text("USD"),
      ])
      _ = try await first.command(
        .openLedger(opening, prices: []), by: .system, key: "open", request: "r", freshID: "f")
      _ = try await first.append([try Self.completion(1, user: "mallory")], by: WriterBench.service, bytes: 1)
      await first.close()
      let writer = bench.writer()
      let body = JSON.object([
        "erasure": .text("e"), "user": .text("mallory"), "reason": .text("asked"), "legal_basis": .text("law"),
      ])
      let change = Change(operation: .eraseData, subject: "erasure/e", body: body)
      let asked = try await writer.command(
        .change(change, terms: nil, breakGlass: nil), by: WriterBench.human, key: "ask", request: "r", freshID: "a")
      #expect(asked.events.first?.subject == "approval/a")
      // A found list that is old is finished under the lock.
      let connection = try Connection(settings)
      let token = try connection.execute("SELECT token FROM daybook.persons").string(0, 0)
      let scan = try SelectorScan.run(
        connection, ledger: "main", ErasureSelector(.person(kind: "user", token: token)))
      connection.close()
      #expect(scan.events.count == 1)
      let grant = CommandRequest(
        command: .grantApproval(id: "a", reason: "seen"), key: "grant", digest: "r", freshID: "g", scan: scan)
      _ = try await writer.append([try Self.completion(2, user: "mallory")], by: WriterBench.service, bytes: 1)
      // One batch: an event, the grant, an event.
      await writer.process(together: [
        .facts([try Self.completion(3, user: "mallory")]), .command(grant),
        .facts([try Self.completion(4, user: "mallory")]),
      ])
      let log = try bench.log()
      let calls = log.filter { $0.type == "completion.recorded" }
      #expect(calls.map { $0.personal == nil } == [true, true, true, false])
      let tokens = try calls.map { try JSON(parsing: $0.derived ?? [])["persons"]?["/user"]?.string }
      #expect(Set(tokens[0..<3]) == [token] && tokens[3] != token)
      #expect(
        log.last { $0.type == "completion.recorded" }!.position > log.first { $0.type == "payload.erased" }!.position)
      let names = try Connection(settings).execute("SELECT token FROM daybook.persons")
      #expect(names.count == 1 && names.string(0, 0) == tokens[3])
      await writer.close()
    }
  }
}

extension LedgerWriter {
  /// Processes works as one batch, the grants by the second owner.
  fileprivate func process(together works: [Submission.Work]) {
    process(
      works.map { work in
        var principal = WriterBench.service
        if case .command = work { principal = WriterBench.other }
        return Submission(work: work, principal: principal, bytes: 1) { _ in }
      })
  }
}

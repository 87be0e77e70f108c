import Archive
import Control
import Domain
import Log
import Postgres
import Service
import TestKit
import Testing

/// What somebody with every right over the database writes in the place of a decision is found by deciding again.
@Suite struct DecisionAuditTests {
  private typealias Kind = DecisionAuditReport.Finding.Kind

  private func audit(_ ledger: DecidingLedger, from: Int64 = 1, to: Int64? = nil) throws -> DecisionAuditReport {
    let connection = try Connection(ledger.settings)
    defer { connection.close() }
    return try DecisionAudit.run(connection, ledger: "main", from: from, to: to, zones: { _ in .utc })
  }

  /// Decisions of every outcome, completions, a crossing, a kill switch.
  private func history(_ settings: ConnectionSettings) async throws -> DecidingLedger {
    let ledger = try await DecidingLedger(settings)
    for number in 1...3 { try await ledger.decide("a\(number)") }
    try await ledger.complete("a1")
    try await ledger.complete("a2", "absorbed")
    // Over the threshold, then over the limit.
    try await ledger.decide("a4")
    #expect(try await ledger.decide("a5", tokens: 4_000).type == "route.denied")
    try await ledger.run(.activateKillSwitch(scope: "model/m-a", reason: "drill", triggeredBy: "cli"))
    #expect(try await ledger.decide("b1", user: "max").type == "route.decided")
    try await ledger.run(.activateKillSwitch(scope: "global", reason: "drill", triggeredBy: "cli"))
    #expect(try await ledger.decide("b2", user: "max").type == "route.denied")
    return ledger
  }

  @Test func whatTheRulesDecidedIsClean() async throws {
    try await withDatabase { settings in
      let ledger = try await history(settings)
      let report = try audit(ledger)
      #expect(report.isClean, "\(report.findings)")
      #expect(report.decisions == 13 && report.followUps >= 1, "\(report)")
      // A part of it is clean by itself.
      #expect(try audit(ledger, from: report.to - 3).isClean && audit(ledger, to: report.to - 5).isClean)
      await ledger.writer.close()
    }
  }

  @Test func aForgedDecisionIsFound() async throws {
    try await withDatabase { settings in
      let ledger = try await history(settings)
      await ledger.writer.close()
      // One that was denied is allowed after the fact.
      try ledger.forge(
        """
        UPDATE daybook.events d
        SET type = 'route.decided', data = d.data || '{"model":"m-a","provider":"p"}',
          derived = d.derived || '{"outcome":"allowed"}'
        WHERE id = 'b2'
        """)
      let findings = try audit(ledger).findings
      #expect(findings.map(\.kind) == [.decision])
      #expect(findings[0].detail.contains("call/b2") && findings[0].detail.contains("outcome"))
    }
  }

  @Test func aDecisionThatNobodyMadeIsFoundAndSoIsWhatIsTakenAway() async throws {
    try await withDatabase { settings in
      let ledger = try await history(settings)
      await ledger.writer.close()
      try ledger.forgeCopy(of: "a1", as: "z9")
      #expect(try audit(ledger).findings.contains { $0.kind == .decision && $0.detail.contains("call/z9") })
      // A threshold that was crossed, as if it had not been.
      try ledger.forge(
        "UPDATE daybook.events SET type = 'x.note' WHERE type = 'budget.threshold_crossed'")
      let report = try audit(ledger)
      #expect(report.findings.map(\.kind) == [.missing, .decision])
      #expect(report.findings.first?.detail.contains("budget-window/daily") == true, "\(report)")
    }
  }

  @Test func aRaiseIsCleanWhereSomebodyGrantedItOrBrokeTheGlassAndFoundWhereNobodyDid() async throws {
    try await withDatabase { settings in
      let ledger = try await DecidingLedger(settings)
      let asked = try await ledger.limit("0.015")
      let id = try #require(asked.events.first.map { String($0.subject.dropFirst("approval/".count)) })
      try await ledger.run(.grantApproval(id: id, reason: "agreed"), by: DecidingLedger.approver)
      try await ledger.limit("0.016", breakGlass: "nobody else is there")
      try await ledger.limit("0.012")
      let report = try audit(ledger)
      #expect(report.isClean, "\(report.findings)")
      await ledger.writer.close()
      try ledger.forge(
        """
        INSERT INTO daybook.events (
          ledger_id, position, id, source, type, type_version, subject, sequence, occurred_at, recorded_at, actor,
          actor_kind, data, derived, payload_hash)
        SELECT
          ledger_id, (SELECT max(position) + 1 FROM daybook.events), 'forged', source, type, type_version, subject,
          sequence + 1, occurred_at, recorded_at, actor, actor_kind,
          jsonb_set(data, '{limit,amount}', '"100"'), derived, payload_hash
        FROM daybook.events WHERE subject = 'budget/daily' ORDER BY position DESC LIMIT 1
        """)
      let findings = try audit(ledger).findings
      #expect(findings.map(\.kind) == [.decision] && findings[0].detail.contains("budget/daily"), "\(findings)")
    }
  }

  @Test func aReservationOfABudgetThatThereIsNotEndsTheAuditAndNotTheProgram() async throws {
    try await withDatabase { settings in
      let ledger = try await history(settings)
      await ledger.writer.close()
      try ledger.forge(
        """
        UPDATE daybook.events SET derived = jsonb_set(derived, '{reservations,0,budget}', '"none"') WHERE id = 'a1'
        """)
      #expect(try audit(ledger).findings.map(\.kind) == [.decision, .unreadable])
    }
  }
}

import Archive
import Control
import Domain
import Log
import Postgres
import Service
import TestKit
import Testing

@Suite struct KillSwitchReportTests {
  private func report(_ ledger: DecidingLedger, _ scope: ExactText? = nil) throws -> KillSwitchReport {
    let connection = try Connection(ledger.settings)
    defer { connection.close() }
    return try KillSwitchReport.run(connection, ledger: "main", scope: scope)
  }

  @Test func theLogProvesThatNothingWasDecidedAndTellsTheRestApart() async throws {
    try await withDatabase { settings in
      let ledger = try await DecidingLedger(settings)
      for id in ["done", "late", "never"] { try await ledger.decide(id) }
      try await ledger.complete("done")
      let stop = try await ledger.run(
        .activateKillSwitch(scope: "user/zoe", reason: "odd calls", triggeredBy: "cli"))
      #expect(try await ledger.decide("refused").type == "route.denied")
      #expect(try await ledger.decide("other", user: "max").type == "route.decided")
      try await ledger.complete("late")
      try await ledger.complete("ghost")
      try await ledger.decideElsewhere("elsewhere")
      await ledger.writer.close()

      let found = try report(ledger, "user/zoe")
      let activation = try #require(found.activations.first)
      #expect(found.holds && found.activations.count == 1)
      #expect(activation.position == stop.receipts[0].position && activation.endedAt == nil)
      #expect(activation.decided.count == 0)
      #expect(activation.refused.calls.map(\.call) == ["refused"])
      #expect(activation.inFlight.calls.map(\.call) == ["never", "late"])
      #expect(activation.inFlight.calls.map { $0.completedAt != nil } == [false, true])
      #expect(activation.undecided.calls.map(\.call) == ["ghost"])
      #expect(try report(ledger, "team/blue").activations.isEmpty)
      #expect(try report(ledger) == found)

      // What is written behind the ledger's back after the activation cannot be hidden.
      try ledger.forgeCopy(of: "never", as: "forged")
      let forged = try report(ledger, "user/zoe")
      #expect(!forged.holds)
      #expect(forged.activations.first?.decided.calls.map(\.call) == ["forged"])
    }
  }

  @Test func anActivationEndsWhereItIsDeactivatedAndDecisionsOfServicesStandApart() async throws {
    try await withDatabase { settings in
      let ledger = try await DecidingLedger(settings)
      try await ledger.run(.activateKillSwitch(scope: "model/m-a", reason: "drill", triggeredBy: "cli"))
      #expect(try await ledger.decide("fallback").type == "route.decided")
      try await ledger.decideElsewhere("elsewhere")
      await ledger.writer.close()
      try ledger.forge(
        """
        INSERT INTO daybook.events (
          ledger_id, position, id, source, type, type_version, subject, sequence, occurred_at, recorded_at, actor,
          actor_kind, data, derived, payload_hash)
        SELECT
          ledger_id, (SELECT max(position) + 1 FROM daybook.events), 'end', source, 'killswitch.deactivated', 1, subject, 2,
          occurred_at, (SELECT recorded_at FROM daybook.events ORDER BY position DESC LIMIT 1), actor, actor_kind, data,
          derived, payload_hash
        FROM daybook.events WHERE type = 'killswitch.activated'
        """)
      try ledger.forgeCopy(of: "fallback", as: "afterwards", ["data": #"data || '{"model":"m-a"}'"#])
      let found = try report(ledger)
      #expect(found.holds && found.activations.count == 1)
      #expect(found.activations.first?.endedAt == found.head - 1)
      #expect(found.activations.first?.decidedElsewhere.calls.map(\.call) == ["elsewhere"])
      #expect(found.activations.first?.decided.count == 0)
    }
  }
}

import Control
import Domain
import Log
import Postgres
import TestKit
import Testing

@testable import Service

@Suite struct ControlSnapshotTests {
  private func stop(_ writer: LedgerWriter, _ scope: ExactText) async throws {
    _ = try await writer.command(
      .activateKillSwitch(scope: scope, reason: "drill", triggeredBy: "api"), by: WriterBench.human,
      key: FreshID.next(), request: "r", freshID: FreshID.next())
  }

  private func positions(_ connection: Connection) throws -> [Int64] {
    let rows = try connection.execute("SELECT position FROM daybook.control_snapshots ORDER BY position")
    return (0..<rows.count).map { rows.int64($0, 0) }
  }

  @Test func aRestartFromASnapshotAndOneFromNothingKnowTheSame() async throws {
    try await withDatabase { settings in
      let bench = try WriterBench(settings)
      let connection = try Connection(settings)
      defer { connection.close() }
      let first = bench.writer()
      try await stop(first, "model/a")
      let notes = try (0..<1_000).map { try WriterBench.note("n\($0)", subject: "note/\($0 % 7)") }
      _ = try await first.append(notes, by: WriterBench.service, bytes: 10_000)
      try await stop(first, "user/Zoë")
      await first.close()
      #expect(try positions(connection) == [1_002])

      // Few events are no reason for another one.
      let second = bench.writer()
      try await stop(second, "model/b")
      await second.close()
      #expect(try positions(connection) == [1_002])

      for position in Int64(0)...1_003 where position < 3 || position > 1_000 {
        let quick = try ControlFold.state(of: "main", at: position, fromSnapshot: true, connection)
        let whole = try ControlFold.state(of: "main", at: position, fromSnapshot: false, connection)
        #expect(quick.digest == whole.digest && quick.position == position)
      }
      let third = bench.writer()
      let known = try await third.look { $0.state.digest }
      #expect(try known == ControlFold.state(of: "main", at: 1_003, fromSnapshot: false, connection).digest)
      #expect(throws: LogError.self) {
        try ControlFold.state(of: "main", at: 1_004, fromSnapshot: false, connection)
      }
      await third.close()
    }
  }

  @Test func aSnapshotOfAnotherFormIsPassedOverAndADamagedOneStopsTheWriter() async throws {
    try await withDatabase { settings in
      let bench = try WriterBench(settings)
      let first = bench.writer()
      try await stop(first, "model/a")
      await first.close()
      let connection = try Connection(settings)
      defer { connection.close() }
      func forge(form: Int64) throws {
        try connection.execute(
          """
          INSERT INTO daybook.control_snapshots (ledger_id, rules_version, form, position, state, digest)
          VALUES ('main', $1, $2, 1, '\\x00', sha256('\\x00'))
          """, [.int64(Int64(ControlState.rulesVersion)), .int64(form)])
      }
      try forge(form: ControlState.snapshotForm + 1)
      let second = bench.writer()
      #expect(try await second.look { $0.state.activeKillSwitches.map(\.scope) } == ["model/a"])
      await second.close()
      try forge(form: ControlState.snapshotForm)
      let third = bench.writer()
      await #expect(throws: WriteError.self) { try await third.look { $0.position } }
      await third.close()
    }
  }

  /// A copy that is held while batches go on once made each of them pay for a copy of all it touched, and a reader of the
  /// copy must see nothing of what they did.
  @Test func aStateThatIsHeldStandsStillWhileTheWriterGoesOn() async throws {
    try await withDatabase { settings in
      let writer = try WriterBench(settings).writer()
      try await stop(writer, "model/a")
      let held = try await writer.look { $0.state }
      let digest = held.digest
      for turn in 0..<5 { try await stop(writer, ExactText("team/\(turn)")) }
      #expect(held.digest == digest)
      #expect(held.activeKillSwitches.map(\.scope) == ["model/a"])
      #expect(try await writer.look { $0.state.activeKillSwitches.count } == 6)
      await writer.close()
    }
  }
}

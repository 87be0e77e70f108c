import Archive
import Crypto
import Domain
import Foundation
import Integrity
import Log
import Postgres
import Service
import TestKit
import Testing

/// Checkpoints in the table, in the file and in the auditor's hands are held against each other and against the log.
@Suite struct CheckpointVerificationTests {
  private typealias Kind = VerificationReport.Finding.Kind

  private func withSignedLog(_ body: (SignedLog) throws -> Void) async throws {
    try await withDatabase { settings in
      let log = try await SignedLog(settings)
      defer {
        log.connection.close()
        unlink(log.file)
      }
      try body(log)
    }
  }

  private func kinds(_ report: VerificationReport) -> Set<Kind> { Set(report.findings.map(\.kind)) }

  @Test func whatTheNotaryWroteIsRight() async throws {
    try await withSignedLog { log in
      let report = try log.verify { $0.checkpoints = [log.checkpoint(333)] }
      #expect(report.isClean && report.notices.isEmpty, "\(report)")
      #expect(report.checkpoints.table == 6 && report.checkpoints.file == 6 && report.checkpoints.own == 1)
      #expect(report.checkpoints.signedTo == 1030 && report.checkpoints.signedBy == [SignedLog.origin])
      #expect(report.checkpoints.keyFrom == "file")
      let alone = try log.verify { $0.checkpointFile = nil }
      #expect(alone.isClean && alone.checkpoints.keyFrom == "database" && alone.notices.count == 2)
      #expect(try log.verify { $0.keys = [log.verifier()] }.checkpoints.keyFrom == "given")
    }
  }

  @Test func theTableIsHeldAgainstTheFile() async throws {
    try await withSignedLog { log in
      try log.connection.execute("DELETE FROM daybook.checkpoints WHERE position = 512")
      let gone = try log.verify()
      #expect(kinds(gone) == [.record] && gone.findings[0].position == 512, "\(gone.findings)")
      #expect(gone.findings[0].detail == "the table lacks the checkpoint of 512 events, which the file has")
      // A root that the log never had, signed by somebody else.
      let thief = Ed25519PrivateKey(seed: [UInt8](repeating: 9, count: 32))!
      try log.keep(log.checkpoint(512, root: [UInt8](repeating: 1, count: 32), by: thief))
      #expect(try kinds(log.verify()) == [.record, .signature])
      let found1 = try kinds(log.verify { $0.checkpointFile = nil })
      #expect(found1 == [.signature])
    }
  }

  @Test func theFileIsHeldAgainstTheTable() async throws {
    try await withSignedLog { log in
      let notes = SignedLog.sizes.map { log.checkpoint($0) }
      try log.writeFile(Array(notes[..<2] + notes[3...]))
      let lacking = try log.verify()
      #expect(lacking.findings.map(\.detail) == ["the file lacks the checkpoint of 512 events, which the table has"])
      // The table may be behind by the last one, and the file by those that were signed while it was read.
      try log.connection.execute("DELETE FROM daybook.checkpoints WHERE position = 1030")
      try log.writeFile(notes)
      #expect(try log.verify().isClean)
      try log.writeFile(Array(notes.dropLast(2)))
      #expect(try log.verify().isClean)
      try log.writeFile(notes, end: "{\"something\":1}\n")
      #expect(try kinds(log.verify()) == [.record])
      try notes.map { log.line($0) }.joined().write(toFile: log.file, atomically: true, encoding: .utf8)
      #expect(try log.verify().findings.contains { $0.detail.contains("lost its beginning") })
      unlink(log.file)
      #expect(
        try log.verify().findings.map(\.detail) == [
          "the file of checkpoints is gone, and the table has the one of 1 event"
        ])
    }
  }

  @Test func aLogThatWasRewrittenWithItsSealsIsNotWhatWasSigned() async throws {
    try await withSignedLog { log in
      try log.connection.execute("UPDATE daybook.events SET actor = 'somebody' WHERE position = 600")
      try log.connection.execute("DELETE FROM daybook.seals")
      let report = try log.verify { $0.checkpoints = [log.checkpoint(650)] }
      let found = report.findings.filter { $0.kind == .checkpoint }
      #expect(found.map(\.position) == [513, 513], "\(report.findings)")
      try log.connection.execute("DELETE FROM daybook.events WHERE position > 1000")
      #expect(try log.verify().findings.contains { $0.kind == .tail && $0.position == 1001 })
    }
  }

  @Test func whatTheAuditorKeptCounts() async throws {
    try await withSignedLog { log in
      let forked = log.checkpoint(900, root: [UInt8](repeating: 7, count: 32))
      let found2 = try kinds(log.verify { $0.checkpoints = [forked] })
      #expect(found2 == [.checkpoint])
      let found3 = try kinds(log.verify { $0.checkpoints = [log.checkpoint(2000)] })
      #expect(found3 == [.tail])
      let thief = Ed25519PrivateKey(seed: [UInt8](repeating: 9, count: 32))!
      let found4 = try kinds(log.verify { $0.checkpoints = [log.checkpoint(900, by: thief)] })
      #expect(found4 == [.signature])
      let found5 = try kinds(log.verify { $0.checkpoints = [log.checkpoint(900, origin: "test/other")] })
      #expect(found5 == [.signature])
      let found6 = try kinds(log.verify { $0.keys = [log.verifier(SignedLog.origin, thief)] })
      #expect(found6 == [.signature])
    }
  }

  @Test func aSeriesThatAPersonGaveUpIsToldAndAnUnsignedOneChangesNothing() async throws {
    try await withSignedLog { log in
      try log.connection.execute("DELETE FROM daybook.events WHERE position > 1000")
      try log.connection.execute("DELETE FROM daybook.seals WHERE position > 1000")
      #expect(try kinds(log.verify()).contains(.tail))
      // Rows alone give nothing up.
      try log.begin(2, origin: "test/main#2")
      #expect(try kinds(log.verify()).contains(.tail))
      let next = log.checkpoint(1000, origin: "test/main#2")
      try log.keep(next, series: 2)
      try log.writeFile(
        SignedLog.sizes.map { log.checkpoint($0) },
        end: log.seriesLine(2, origin: "test/main#2") + log.line(next, series: 2))
      let report = try log.verify()
      #expect(report.isClean, "\(report.findings)")
      #expect(
        report.notices.contains { $0.contains("2 checkpoints of series 1 are not of this log") }, "\(report.notices)")
    }
  }

  @Test func aLaterVerificationBeginsWhereTheTreeIsProven() async throws {
    try await withSignedLog { log in
      let whole = try log.verify()
      let behind = try log.verify { $0.since = .position(701) }
      #expect(behind.isClean && behind.start?.position == 700 && behind.events == 330 && behind.root == whole.root)
      let mark = VerifiedMark(
        ledger: "main", position: 600, root: ReferenceTree(leafHashes: log.leaves).root(size: 600),
        verifiedAt: Timestamp(microseconds: 0))
      #expect(VerifiedMark(mark.json) == mark)
      let resumed = try log.verify { $0.since = .mark(mark) }
      #expect(resumed.isClean && resumed.start?.position == 600 && resumed.events == 430)
      #expect(resumed.notices.contains { $0.contains("events 1 to 600 were not read again") })
      // A seal that lies about the edge is found out, and everything is read.
      var late = mark
      (late.position, late.root) = (1028, ReferenceTree(leafHashes: log.leaves).root(size: 1028))
      #expect(try log.verify { $0.since = .mark(late) }.start?.position == 1028)
      let lie = "decode(repeat('00', 32), 'hex')"
      try log.connection.execute("UPDATE daybook.seals SET edge = \(lie), root = \(lie) WHERE position = 1024")
      let lied = try log.verify { $0.since = .mark(late) }
      #expect(lied.start == nil && lied.events == 1030 && kinds(lied) == [.root])
      var wrong = mark
      wrong.root[0] ^= 1
      let missed = try log.verify { $0.since = .mark(wrong) }
      #expect(missed.start == nil && missed.events == 1030 && !missed.isClean)
      #expect(throws: ArchiveError.self) { try log.verify { $0.since = .position(0) } }
      #expect(throws: ArchiveError.self) {
        try log.verify {
          $0.since = .mark(mark)
          $0.checkpoints = [log.checkpoint(17)]
        }
      }
    }
  }

  @Test func whatIsNewIsHeldAgainstWhatIsOld() async throws {
    try await withSignedLog { log in
      try log.connection.execute("ALTER TABLE daybook.events DROP CONSTRAINT events_identity_is_unique")
      try log.connection.execute("ALTER TABLE daybook.events DROP CONSTRAINT events_sequence_is_unique_in_subject")
      try log.connection.execute("UPDATE daybook.events SET id = 'n3' WHERE position = 900")
      try log.connection.execute("UPDATE daybook.events SET sequence = sequence + 1 WHERE position = 702")
      let report = try log.verify { $0.since = .position(701) }
      #expect(report.findings.contains { $0.kind == .identity && $0.position == 900 }, "\(report.findings)")
      #expect(report.findings.contains { $0.kind == .sequence && $0.position == 702 })
    }
  }
}

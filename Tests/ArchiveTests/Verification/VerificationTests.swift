import Archive
import Domain
import Integrity
import Log
import Postgres
import Service
import TestKit
import Testing

/// Somebody with every right over the database changes rows; `verify` says what and where.
@Suite struct VerificationTests {
  /// One way to tamper, and what must be found of it.
  struct Tampering: Sendable, CustomStringConvertible {
    var description: String
    var sql: [String]
    var kind: VerificationReport.Finding.Kind
    var position: Int64
  }

  private static let events = "UPDATE daybook.events SET "

  static let tamperings = [
    Tampering(
      description: "a value changed", sql: [events + #"data = '{"text":"other"}' WHERE position = 7"#],
      kind: .payload, position: 7),
    Tampering(
      description: "a number spelled as a float", sql: [events + #"data = '{"text":1.0}' WHERE position = 7"#],
      kind: .unreadable, position: 7),
    Tampering(
      description: "another actor", sql: [events + "actor = 'somebody' WHERE position = 7"], kind: .root, position: 1),
    // A row that no event can be read from, or whose entry has no place in the tree, once ended the program.
    Tampering(
      description: "an actor of no kind that there is",
      sql: [
        "ALTER TABLE daybook.events DROP CONSTRAINT events_actor_kind_is_known",
        events + "actor_kind = 'ghost' WHERE position = 7",
      ], kind: .unreadable, position: 7),
    Tampering(
      description: "a value that every event has taken away",
      sql: [
        "ALTER TABLE daybook.events ALTER COLUMN payload_hash DROP NOT NULL",
        events + "payload_hash = NULL WHERE position = 7",
      ], kind: .unreadable, position: 7),
    Tampering(
      description: "an entry beyond every bound",
      sql: [
        "ALTER TABLE daybook.events ALTER COLUMN actor TYPE text",
        events + "actor = repeat('a', 70000) WHERE position = 7",
      ], kind: .unreadable, position: 7),
    Tampering(
      description: "an event removed", sql: ["DELETE FROM daybook.events WHERE position = 5"], kind: .gap, position: 5
    ),
    Tampering(
      description: "the last events removed", sql: ["DELETE FROM daybook.events WHERE position > 1028"], kind: .tail,
      position: 1029),
    Tampering(
      description: "a time moved back",
      sql: [events + "recorded_at = recorded_at - interval '1 s' WHERE position = 8"],
      kind: .recordedTime, position: 8),
    // Readers see the personal part joined into the data: once nothing noticed one that no hash covered.
    Tampering(
      description: "a personal part put where there was none",
      sql: [
        "ALTER TABLE daybook.events DROP CONSTRAINT events_personal_is_hashed",
        events + #"personal = '{"/user":"mallory"}', salt = decode(repeat('00', 16), 'hex') WHERE position = 9"#,
      ], kind: .personal, position: 9),
    // Numbers from 1 to n without repetition, but not in the order of the log, once passed for a sequence.
    Tampering(
      description: "two sequences swapped",
      sql: [
        "ALTER TABLE daybook.events DROP CONSTRAINT events_sequence_is_unique_in_subject",
        events + "sequence = 7 - sequence WHERE position IN (3, 4)",
      ], kind: .sequence, position: 3),
    // Without its seals, a log that was changed together with its hashes once verified.
    Tampering(
      description: "the seals removed", sql: ["DELETE FROM daybook.seals"], kind: .seal, position: 1024),
    Tampering(
      description: "the whole log moved to where its positions hardly fit",
      sql: [
        "DELETE FROM daybook.events WHERE position < 1030",
        "UPDATE daybook.events SET position = 9223372036854775807",
      ], kind: .gap, position: 1),
    Tampering(
      description: "an event put in front of the first",
      sql: [
        "ALTER TABLE daybook.events DROP CONSTRAINT events_position_is_positive",
        events + "position = 0 WHERE position = 1030",
      ], kind: .gap, position: 0),
    Tampering(
      description: "an identity used twice",
      sql: [
        "ALTER TABLE daybook.events DROP CONSTRAINT events_identity_is_unique",
        events + "id = 'n3' WHERE position = 900",
      ], kind: .identity, position: 900),
    Tampering(
      description: "a time beyond every calendar", sql: [events + "occurred_at = 'infinity' WHERE position = 12"],
      kind: .unreadable, position: 12),
    Tampering(
      description: "an edge changed",
      sql: ["UPDATE daybook.seals SET edge = decode(repeat('00', 32), 'hex') WHERE position = 1024"], kind: .seal,
      position: 1024),
  ]

  @Test(arguments: tamperings) func tamperingIsFound(_ tampering: Tampering) async throws {
    try await withLog { settings in
      let connection = try Connection(settings)
      defer { connection.close() }
      let before = try Verification.run(connection, ledger: "main")
      #expect(before.isClean && before.events == 1030)
      for table in ["events", "seals"] { try connection.execute("ALTER TABLE daybook.\(table) DISABLE TRIGGER USER") }
      for statement in tampering.sql { try connection.execute(statement) }
      let findings = try Verification.run(connection, ledger: "main").findings
      #expect(findings.contains { $0.kind == tampering.kind && $0.position == tampering.position }, "\(findings)")
      // However many read, in however small pieces, the same is found.
      var options = VerificationOptions()
      options.reading = RangedReading(settings, workers: 3)
      options.reading.rangeSize = 64
      #expect(try Verification.run(connection, ledger: "main", options: options).findings == findings)
    }
  }

  /// The caller's root once took the place of the one that is kept, which was not looked at then.
  @Test func aRootFromElsewhereDoesNotHideTheOneThatIsKept() async throws {
    try await withLog { settings in
      let connection = try Connection(settings)
      defer { connection.close() }
      let root = try Seal.latest(connection, ledger: "main", upTo: 1024).edge.root
      let expectation = Verification.Expectation(position: 1024, root: root)
      #expect(try Verification.run(connection, ledger: "main", expectation: expectation).isClean)
      try connection.execute("ALTER TABLE daybook.seals DISABLE TRIGGER USER")
      try connection.execute("UPDATE daybook.seals SET root = decode(repeat('00', 32), 'hex') WHERE position = 1024")
      let findings = try Verification.run(connection, ledger: "main", expectation: expectation).findings
      #expect(findings.contains { $0.kind == .root && $0.position == 1 })
    }
  }

  @Test func aRootFromElsewhereFindsWhatWasRewrittenWhole() async throws {
    try await withLog { settings in
      let connection = try Connection(settings)
      defer { connection.close() }
      let wrong = Verification.Expectation(position: 1030, root: [UInt8](repeating: 0, count: 32))
      #expect(try Verification.run(connection, ledger: "main", expectation: wrong).findings.map(\.kind) == [.root])
      let beyond = Verification.Expectation(position: 1031, root: [UInt8](repeating: 0, count: 32))
      #expect(try Verification.run(connection, ledger: "main", expectation: beyond).findings.map(\.kind) == [.tail])
    }
  }

  /// A misspelt name once verified: it has no events, and of none of them anything is wrong.
  @Test func aLedgerThatDoesNotExistIsNotVerified() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      defer { connection.close() }
      #expect(throws: LogError.self) { _ = try Verification.run(connection, ledger: "mian") }
    }
  }

  /// A ledger with 1,030 events of one subject, sealed at 1,024 and at its end.
  func withLog(_ body: (ConnectionSettings) async throws -> Void) async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      try LedgerRows.create(connection, "main")
      connection.close()
      let writer = LedgerWriter(ledger: "main", settings: settings, zones: { _ in .utc })
      let drafts = try (1...1030).map { number in
        try EventDraft(
          planned: "x.note", subject: "note/1", id: "n\(number)", source: "/test",
          data: .object(["text": .text("hello")]))
      }
      let service = Principal(key: "service000001", kind: .service, owner: "alice", roles: [.service])
      for part in [drafts[..<6], drafts[6...]] {
        _ = try await writer.append(Array(part), by: service, bytes: 10)
      }
      await writer.close()
      try await body(settings)
    }
  }
}

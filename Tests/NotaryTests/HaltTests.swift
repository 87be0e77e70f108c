import Domain
import Foundation
import Integrity
import Log
import Notary
import Postgres
import Service
import TestKit
import Testing

/// A superuser changes what was signed: every way is found out, and nothing more is signed.
@Suite struct HaltTests {
  private static let keep = "CREATE TABLE kept AS SELECT * FROM daybook.events"
  private static let restore =
    "INSERT INTO daybook.events SELECT * FROM kept k WHERE NOT EXISTS "
    + "(SELECT FROM daybook.events e WHERE e.ledger_id = k.ledger_id AND e.position = k.position)"

  @Test func `a log that was cut off is not signed, and takes nothing until it is whole again`() async throws {
    try await withDatabase { settings in
      let bench = try NotaryBench(settings)
      try await bench.append(40)
      try await bench.signing {
        try await expectEventually { try bench.signedSize() == 40 }
        try bench.tamper(Self.keep, "DELETE FROM daybook.events WHERE position > 35")
        try await expectEventually { try bench.halt()?.kind == .shrunk }
        let error = await #expect(throws: WriteError.self) { try await bench.append(1) }
        #expect(error?.code == .halted)
        #expect(try bench.signedSize() == 40)
        try bench.tamper(Self.restore)
        try await expectEventually { try bench.halt() == nil }
        try await bench.append(1)
        try await expectEventually { try bench.signedSize() == 41 }
      }
    }
  }

  @Test(
    arguments: [
      "UPDATE daybook.events SET payload_hash = sha256('x') WHERE position = 38",
      "UPDATE daybook.events SET subject = 'note/other', sequence = 1000 WHERE position = 3",
      "UPDATE daybook.events SET position = CASE position WHEN 4 THEN 1004 WHEN 5 THEN 1005 END WHERE position IN (4, 5); "
        + "UPDATE daybook.events SET position = CASE position WHEN 1004 THEN 5 ELSE 4 END WHERE position > 1000",
      "UPDATE daybook.events SET actor_kind = 'human' WHERE position = 1",
      "DELETE FROM daybook.events WHERE position = 20",
    ])
  func `an entry that was changed where the tree still grows is found out`(change: String) async throws {
    try await withDatabase { settings in
      let bench = try NotaryBench(settings)
      try await bench.append(40)
      try await bench.signing {
        try await expectEventually { try bench.signedSize() == 40 }
        try bench.tamper(change)
        try await expectEventually { try bench.halt()?.kind == .forked }
        #expect(try bench.signedSize() == 40)
      }
      let error = await #expect(throws: WriteError.self) { try await bench.append(1) }
      #expect(error?.code == .halted)
      // A notary that starts now finds the same.
      try await NotaryRunner(bench.options()).prepare()
      #expect(try bench.halt()?.kind == .forked)
      #expect(try bench.signedSize() == 40)
    }
  }

  @Test func `an old entry that was changed stops the signing, not the appends`() async throws {
    try await withDatabase { settings in
      let bench = try NotaryBench(settings)
      try await bench.append(600)
      try await bench.signing {
        try await expectEventually { try bench.signedSize() == 600 }
        try bench.tamper(Self.keep, "UPDATE daybook.events SET type = 'x.other' WHERE position = 77")
        try await expectEventually { try bench.halt() != nil }
        let halt = try bench.halt()
        #expect(halt?.kind == .altered && halt?.position == 77)
        try await bench.append(3)
        #expect(try bench.signedSize() == 600)
        // Mended, it goes on by itself.
        try bench.tamper("UPDATE daybook.events SET type = 'x.note' WHERE position = 77")
        try await expectEventually { try bench.signedSize() == 603 }
        // One that is gone for good is accepted by a person, and the tree goes on as it was signed.
        try bench.tamper("DELETE FROM daybook.events WHERE position = 78")
        try await expectEventually { try bench.halt()?.position == 78 }
        try AcceptanceFile.write(folder: bench.folder + "/checkpoints", ledger: "main", reason: "a test")
        try await bench.append(1)
        try await expectEventually { try bench.signedSize() == 604 }
      }
      #expect(try bench.halt() == nil)
      #expect(try bench.status()?.origin == bench.origin)
    }
  }

  @Test func `a damaged tile is mended from the log`() async throws {
    try await withDatabase { settings in
      let bench = try NotaryBench(settings)
      try await bench.append(600)
      try await bench.signing {
        try await expectEventually { try bench.signedSize() == 600 }
        try bench.tamper(
          "UPDATE daybook.tiles SET hashes = overlay(hashes PLACING sha256('x') FROM 33) WHERE level = 0 AND tile = 1"
        )
        let tree = ReferenceTree(leafHashes: try bench.leafHashes())
        try await expectEventually {
          (try? bench.look { try $0.inclusion(position: 258, size: 600).path })
            == tree.inclusionPath(index: 257, size: 600)
        }
        try await bench.append(1)
        try await expectEventually { try bench.signedSize() == 601 }
      }
      // A notary that finds no tiles at all makes them again.
      try bench.tamper("DELETE FROM daybook.tiles")
      try await bench.append(1)
      try await bench.signing { try await expectEventually { try bench.signedSize() == 602 } }
      #expect(try bench.halt() == nil)
    }
  }

  @Test func `an older backup restored as if it were current is caught before anything is appended`() async throws {
    try await withDatabase { settings in
      let bench = try NotaryBench(settings)
      try await bench.append(300)
      try await bench.signing { try await expectEventually { try bench.signedSize() == 300 } }
      try await TestCluster.shared.withBackup(of: settings) { backup in
        try await bench.append(10)
        try await bench.signing { try await expectEventually { try bench.signedSize() == 310 } }
        // The same folder, the older database.
        let runner = NotaryRunner(bench.options(backup))
        try await runner.prepare()
        #expect(try bench.halt(backup)?.kind == .shrunk)
        let error = await #expect(throws: WriteError.self) { try await bench.append(20, backup) }
        #expect(error?.code == .halted)
        #expect(try bench.signedSize(backup) == 300)
      }
    }
  }

  @Test func `an older backup that went on is caught too, and goes on under a new name by a person's word`()
    async throws
  {
    try await withDatabase { settings in
      let bench = try NotaryBench(settings)
      try await bench.append(300)
      try await bench.signing { try await expectEventually { try bench.signedSize() == 300 } }
      try await TestCluster.shared.withBackup(of: settings) { backup in
        try await bench.append(300)
        try await bench.signing { try await expectEventually { try bench.signedSize() == 600 } }
        try await bench.append(320, backup)
        try await bench.signing(bench.options(backup)) {
          try await expectEventually { try bench.halt(backup)?.kind == .forked }
          #expect(try bench.signedSize(backup) == 300)
          try AcceptanceFile.write(folder: bench.folder + "/checkpoints", ledger: "main", reason: "the disk was lost")
          try await expectEventually { try bench.signedSize(backup) == 620 }
          try await bench.append(1, backup)
          try await expectEventually { try bench.signedSize(backup) == 621 }
        }
        let found = try #require(try bench.look(backup) { try $0.checkpoint() })
        #expect(found.checkpoint.origin == bench.origin + "#2")
        #expect(found.isSigned(by: try bench.verifier(bench.origin + "#2")))
        #expect(try bench.look(backup) { try $0.inclusion(position: 500, size: 621).root } == found.checkpoint.root)
        #expect(try bench.status(backup)?.halt == nil)
      }
    }
  }

  @Test func `checkpoints that were changed, in the file or in the table, stop the signing`() async throws {
    try await withDatabase { settings in
      let bench = try NotaryBench(settings)
      try await bench.append(30)
      try await bench.signing { try await expectEventually { try bench.signedSize() == 30 } }
      let path = CheckpointFile.path(folder: bench.folder + "/checkpoints", ledger: "main")
      let whole = try String(contentsOfFile: path, encoding: .utf8)
      try whole.replacing(#"\n30\n"#, with: #"\n29\n"#).write(toFile: path, atomically: false, encoding: .utf8)
      try await NotaryRunner(bench.options()).prepare()
      #expect(try bench.halt()?.kind == .record)
      try whole.write(toFile: path, atomically: false, encoding: .utf8)
      try await NotaryRunner(bench.options()).prepare()
      #expect(try bench.halt() == nil)
      try bench.tamper("UPDATE daybook.checkpoints SET root = sha256('x')")
      try await NotaryRunner(bench.options()).prepare()
      #expect(try bench.halt()?.kind == .record)
    }
  }

  @Test func `a damaged line that a person accepted does not stop the signing again`() async throws {
    try await withDatabase { settings in
      let bench = try NotaryBench(settings)
      try await bench.append(30)
      try await bench.signing { try await expectEventually { try bench.signedSize() == 30 } }
      let folder = bench.folder + "/checkpoints"
      let path = CheckpointFile.path(folder: folder, ledger: "main")
      let whole = try String(contentsOfFile: path, encoding: .utf8)
      try (whole + "{}\n").write(toFile: path, atomically: false, encoding: .utf8)
      try AcceptanceFile.write(folder: folder, ledger: "main", reason: "an editor saved it")
      // The word is taken, and the notary ends before it signed anything under the new name.
      try await NotaryRunner(bench.options()).prepare()
      #expect(try bench.halt() == nil)
      try await bench.append(1)
      try await bench.signing { try await expectEventually { try bench.signedSize() == 31 } }
      #expect(try bench.halt() == nil)
      #expect(try bench.status()?.origin == bench.origin + "#2")
    }
  }
}

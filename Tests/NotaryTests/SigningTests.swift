import Crypto
import Domain
import Foundation
import Integrity
import Log
import Notary
import Postgres
import TestKit
import Testing

@Suite struct SigningTests {
  @Test func `what was appended is signed, kept in table and file, and published`() async throws {
    try await withDatabase { settings in
      let bench = try NotaryBench(settings)
      try await bench.append(300)
      try await bench.signing {
        try await expectEventually { try bench.signedSize() == 300 }
        try await bench.append(7)
        try await expectEventually { try bench.signedSize() == 307 }
      }
      let found = try #require(try bench.look { try $0.checkpoint() })
      let key = try bench.verifier()
      #expect(found.isSigned(by: key))
      #expect(found.checkpoint.root == ReferenceTree(leafHashes: try bench.leafHashes()).root())
      let lines = try bench.fileLines()
      guard case .series(let series) = lines.first, case .checkpoint(let last) = lines.last else {
        Issue.record("the file begins with a series and ends with a checkpoint")
        return
      }
      #expect(series.origin == bench.origin && series.verifierKey == key.text)
      #expect(last.note.bytes == found.note.bytes)
      #expect(try bench.status()?.position == 307)
      // Nothing but its owner may look at the key.
      let rights = try FileManager.default.attributesOfItem(atPath: bench.folder + "/notary.key")[.posixPermissions]
      #expect(rights as? Int == 0o600)
    }
  }

  @Test func `a notary that starts again goes on where the last one ended`() async throws {
    try await withDatabase { settings in
      let bench = try NotaryBench(settings)
      for round in 1...3 {
        try await bench.append(200)
        try await bench.signing { try await expectEventually { try bench.signedSize() == Int64(200 * round) } }
      }
      // What a crash left of a line is not read, and the next line stands by itself.
      let path = CheckpointFile.path(folder: bench.folder + "/checkpoints", ledger: "main")
      let torn = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      try torn.seekToEnd()
      try torn.write(contentsOf: Data(#"{"note":"exam"#.utf8))
      try torn.close()
      // A row that did not come to the table is brought from the file.
      try bench.tamper("DELETE FROM daybook.checkpoints WHERE position = 600")
      try await bench.append(1)
      try await bench.signing { try await expectEventually { try bench.signedSize() == 601 } }
      let sizes = try bench.fileLines().compactMap { line -> Int64? in
        guard case .checkpoint(let checkpoint) = line else { return nil }
        return checkpoint.checkpoint.size
      }
      #expect(sizes == sizes.sorted() && sizes.last == 601)
      #expect(try bench.fileLines().allSatisfy { if case .unreadable = $0 { false } else { true } })
      let connection = try Connection(settings)
      #expect(try connection.execute("SELECT FROM daybook.checkpoints WHERE position = 600").count == 1)
      connection.close()
    }
  }

  @Test func `one notary signs at a time, and another takes over`() async throws {
    try await withDatabase { settings in
      let bench = try NotaryBench(settings)
      var other = bench.options()
      other.checkpointFolder = bench.folder + "/other"
      try await bench.append(10)
      try await bench.signing {
        try await expectEventually { try bench.signedSize() == 10 }
        try await bench.signing(other) {
          try await bench.append(10)
          try await expectEventually { try bench.signedSize() == 20 }
          #expect(!FileManager.default.fileExists(atPath: bench.folder + "/other/main.ndjson"))
        }
      }
      try await bench.append(10)
      try await bench.signing(other) { try await expectEventually { try bench.signedSize() == 30 } }
      #expect(FileManager.default.fileExists(atPath: bench.folder + "/other/main.ndjson"))
      #expect(try bench.halt() == nil)
    }
  }

  @Test func `without the key that signed before, nothing is signed and no key is made`() async throws {
    try await withDatabase { settings in
      let bench = try NotaryBench(settings)
      try await bench.append(5)
      try await bench.signing { try await expectEventually { try bench.signedSize() == 5 } }
      let file = bench.folder + "/notary.key"
      try FileManager.default.moveItem(atPath: file, toPath: file + ".away")
      try await bench.append(5)
      try await NotaryRunner(bench.options()).prepare()
      #expect(!FileManager.default.fileExists(atPath: file))
      // Another key does not sign either.
      _ = try NotaryKey.make(file)
      try await bench.signing { try await expectEventually { try bench.halt()?.kind == .key } }
      #expect(try bench.signedSize() == 5)
      // The right one goes on, and the halt ends by itself.
      try FileManager.default.removeItem(atPath: file)
      try FileManager.default.moveItem(atPath: file + ".away", toPath: file)
      try await bench.signing { try await expectEventually { try bench.signedSize() == 10 } }
      #expect(try bench.halt() == nil)
    }
  }

  @Test func `a key file that others may read, or that holds no key, is not used`() throws {
    let file = "/tmp/daybook-key-\(UInt32.random(in: 0...UInt32.max))"
    defer { try? FileManager.default.removeItem(atPath: file) }
    _ = try NotaryKey.make(file)
    #expect(throws: NotaryError.self) { try NotaryKey.make(file) }
    #expect(try NotaryKey.read(file) != nil)
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file)
    #expect(throws: NotaryError.self) { try NotaryKey.read(file) }
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
    try Data("no key".utf8).write(to: URL(fileURLWithPath: file))
    #expect(throws: NotaryError.self) { try NotaryKey.read(file) }
    #expect(try NotaryKey.read(file + ".none") == nil)
  }
}

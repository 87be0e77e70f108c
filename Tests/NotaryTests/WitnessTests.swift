import Crypto
import Foundation
import Integrity
import Notary
import Postgres
import TestKit
import Testing

@Suite struct WitnessTests {
  @Test func `witnesses cosign what is consistent, and their cosignatures are published`() async throws {
    try await withDatabase { settings in
      let bench = try NotaryBench(settings)
      let (witness, other) = (TestWitness(), TestWitness(name: "witness.example/w2"))
      _ = try NotaryKey.make(bench.folder + "/notary.key")
      for witness in [witness, other] { witness.trust(try bench.verifier()) }
      try await witness.answering { first in
        try await other.answering { second in
          var options = bench.options()
          options.witnesses = [Witness(url: first, key: witness.key), Witness(url: second, key: other.key)]
          try await bench.append(300)
          try await bench.signing(options) {
            try await expectEventually { try bench.look { try $0.checkpoint(cosignatures: 2) } != nil }
            try await bench.append(300)
            try await expectEventually {
              try bench.look { try $0.checkpoint(cosignatures: 2)?.checkpoint.size } == 600
            }
          }
        }
      }
      let found = try #require(try bench.look { try $0.checkpoint(cosignatures: 2) })
      #expect(try found.note.verified(by: [bench.verifier(), witness.key, other.key]).count == 3)
      #expect(try bench.look { try $0.checkpoint(cosignatures: 3) } == nil)
      #expect(try bench.status()?.cosignedPosition == 600)
      #expect(witness.answers(bench.origin).allSatisfy { $0 == 200 })
    }
  }

  @Test func `a witness that knows another size is asked again with that one`() async throws {
    try await withDatabase { settings in
      let bench = try NotaryBench(settings)
      let witness = TestWitness()
      _ = try NotaryKey.make(bench.folder + "/notary.key")
      witness.trust(try bench.verifier())
      try await witness.answering { url in
        var options = bench.options()
        options.witnesses = [Witness(url: url, key: witness.key)]
        try await bench.append(270)
        try await bench.signing(options) { try await expectEventually { witness.size(bench.origin) == 270 } }
        // The notary forgets what the witness said.
        try bench.tamper("DELETE FROM daybook.cosignatures")
        try await bench.append(100)
        try await bench.signing(options) {
          try await expectEventually { try bench.look { try $0.checkpoint(cosignatures: 1)?.checkpoint.size } == 370 }
        }
        #expect(witness.answers(bench.origin) == [200, 409, 200])
      }
    }
  }

  @Test func `a witness catches a log that goes on from an older backup, also where the notary's file is gone`()
    async throws
  {
    try await withDatabase { settings in
      let bench = try NotaryBench(settings)
      let witness = TestWitness()
      _ = try NotaryKey.make(bench.folder + "/notary.key")
      witness.trust(try bench.verifier())
      try await witness.answering { url in
        var options = bench.options()
        options.witnesses = [Witness(url: url, key: witness.key)]
        try await bench.append(20)
        // In the database, where the backup has it from: the witness knows before.
        try await bench.signing(options) {
          try await expectEventually { try bench.look { try $0.checkpoint(cosignatures: 1)?.checkpoint.size } == 20 }
        }
        try await TestCluster.shared.withBackup(of: settings) { backup in
          try await bench.append(10)
          try await bench.signing(options) { try await expectEventually { witness.size(bench.origin) == 30 } }
          try FileManager.default.removeItem(atPath: options.checkpointFolder)
          var older = options
          older.database = backup
          try await bench.append(40, backup)
          try await bench.signing(older) { try await expectEventually { witness.answers(bench.origin).last == 422 } }
          #expect(try bench.look(backup) { try $0.checkpoint(cosignatures: 1)?.checkpoint.size } == 20)
        }
      }
    }
  }

  @Test func `a witness is described by its address and key`() throws {
    let witness = try Witness(parsing: "https://w.example/log/#" + TestWitness().key.text)
    #expect(witness.url == "https://w.example/log")
    let log = try #require(VerifierKey(name: "a", kind: .ed25519, publicKey: Array(repeating: 1, count: 32)))
    for text in [
      "", "https://w.example", "https://w.example#", "w.example#" + TestWitness().key.text, "http://a#" + log.text,
    ] {
      #expect(throws: NotaryError.self, "\(text)") { try Witness(parsing: text) }
    }
  }
}

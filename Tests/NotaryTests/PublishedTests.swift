import Crypto
import Domain
import Integrity
import Log
import Notary
import Postgres
import TestKit
import Testing

@Suite struct PublishedTests {
  /// Rows as a writer stores them, made by Postgres.
  private static let manyEvents = """
    INSERT INTO daybook.events (ledger_id, position, id, source, type, type_version, subject, sequence, occurred_at,
      recorded_at, actor, actor_kind, data, payload_hash)
    SELECT 'main', n, 'id-' || n, '/test', 'x.note', 1, 'call/' || n, 1, now(), now(), 'key', 'service', '{}',
      sha256(n::text::bytea)
    FROM generate_series(1, 66000) n
    """

  @Test func `proofs over stored tiles are those of the definition, at every level`() async throws {
    try await withDatabase { settings in
      let bench = try NotaryBench(settings)
      try bench.tamper(Self.manyEvents)
      try await bench.signing { try await expectEventually { try bench.signedSize() == 66_000 } }
      let tree = ReferenceTree(leafHashes: try bench.leafHashes())
      let root = tree.root()
      try bench.look { log in
        for position in [1, 256, 257, 40_000, 65_536, 65_537, 65_792, 66_000] as [Int64] {
          let proof = try log.inclusion(position: position)
          #expect(proof.size == 66_000 && proof.root == root && proof.path.count <= 17)
          #expect(proof.leafHash == tree.leafHashes[Int(position) - 1])
        }
        // Older sizes, at whose edge the tiles were partial.
        for size in [300, 65_535, 65_536, 65_900] as [Int64] {
          let proof = try log.inclusion(position: 257, size: size)
          #expect(proof.root == tree.root(size: Int(size)), "size \(size)")
          let consistency = try log.consistency(from: size)
          #expect(consistency.oldRoot == proof.root && consistency.newRoot == root)
        }
        #expect(try log.tile(level: 0, index: 0, width: 256) == Array(tree.leafHashes[..<256].joined()))
        #expect(try log.tile(level: 0, index: 0, width: 3) == Array(tree.leafHashes[..<3].joined()))
        #expect(try log.tile(level: 0, index: 257, width: 208)?.count == 208 * 32)
        #expect(try log.tile(level: 0, index: 257, width: 209) == nil)
        #expect(try log.tile(level: 1, index: 0, width: 256)?.count == 8192)
        #expect(try log.tile(level: 1, index: 1, width: 1)?.count == 32)
        #expect(try log.tile(level: 2, index: 0, width: 1)?.count == 32)
        #expect(try log.tile(level: 3, index: 0, width: 1) == nil)
        #expect(throws: PublishedLog.NoProof.notYetSigned(66_000)) { try log.inclusion(position: 66_001) }
        #expect(throws: PublishedLog.NoProof.notYetSigned(66_000)) { try log.consistency(from: 1, to: 66_001) }
      }
    }
  }

  @Test func `tiles that were read before a change was mended are read again`() async throws {
    try await withDatabase { settings in
      let bench = try NotaryBench(settings)
      try await bench.append(600)
      try await bench.signing { try await expectEventually { try bench.signedSize() == 600 } }
      let memory = TileMemory()
      let before = try bench.look(memory: memory) { try $0.inclusion(position: 40) }
      // What is in memory is what was signed, whatever the table says now.
      try bench.tamper(
        "UPDATE daybook.tiles SET hashes = overlay(hashes PLACING sha256('x') FROM 1) WHERE level = 0 AND tile = 0")
      #expect(try bench.look(memory: memory) { try $0.inclusion(position: 40) }.path == before.path)
      // A memory that begins now has the changed tile; the proof is refused, and made once the tile is what it was.
      let late = TileMemory()
      #expect(throws: LogError.self) { try bench.look(memory: late) { try $0.inclusion(position: 40) } }
      let first = Hex.string(try bench.leafHashes()[0])
      try bench.tamper(
        "UPDATE daybook.tiles SET hashes = overlay(hashes PLACING '\\x\(first)' FROM 1) WHERE level = 0 AND tile = 0")
      #expect(try bench.look(memory: late) { try $0.inclusion(position: 40) }.path == before.path)
      // The log goes on, and so does what is proven.
      try await bench.append(7)
      try await bench.signing { try await expectEventually { try bench.signedSize() == 607 } }
      let tree = ReferenceTree(leafHashes: try bench.leafHashes())
      for position in [40, 300, 607] as [Int64] {
        let proof = try bench.look(memory: memory) { try $0.inclusion(position: position) }
        #expect(proof.size == 607 && proof.root == tree.root())
      }
    }
  }

  @Test func `entries hash to the leaves of their tile`() async throws {
    try await withDatabase { settings in
      let bench = try NotaryBench(settings)
      try await bench.append(300)
      try await bench.signing { try await expectEventually { try bench.signedSize() == 300 } }
      let leaves = try bench.leafHashes()
      try bench.look { log in
        for (index, width) in [(0, 256), (1, 44), (0, 7)] as [(Int64, Int)] {
          let bundle = try #require(try log.entries(index: index, width: width))
          let entries = try EntryBundle.entries(bundle)
          #expect(
            entries.map { EventHash.leaf(entry: $0) } == Array(leaves[Int(index) * 256..<Int(index) * 256 + width]))
        }
        #expect(try log.entries(index: 1, width: 45) == nil)
      }
    }
  }

  @Test func `a receipt proves its event with a key alone, and not another's`() async throws {
    try await withDatabase { settings in
      let bench = try NotaryBench(settings)
      try await bench.append(20)
      try await bench.signing { try await expectEventually { try bench.signedSize() == 20 } }
      let receipt = try LogProof(parsing: try bench.look { try $0.receipt(position: 7) }.bytes)
      let content = try ReceiptContent(parsing: try #require(receipt.extra))
      #expect(content.entry["position"]?.integer == 7 && content.givesPayloadHash)
      #expect(content.payload["data"]?["text"]?.string == "hello")
      #expect(try receipt.verify(leafHash: content.leafHash, log: bench.verifier()).checkpoint.size == 20)
      var forged = content.entry
      forged["actor"] = .text("somebody")
      #expect(throws: IntegrityError.self) {
        try receipt.verify(leafHash: EventHash.leaf(entry: forged.canonical), log: bench.verifier())
      }
      // What is not what was signed gets none.
      try bench.tamper("UPDATE daybook.events SET data = '{\"text\": \"bye\"}' WHERE position = 7")
      #expect(throws: LogError.self) { try bench.look { try $0.receipt(position: 7) } }
      try bench.tamper("UPDATE daybook.events SET subject = 'x/1', sequence = 99 WHERE position = 8")
      #expect(throws: LogError.self) { try bench.look { try $0.receipt(position: 8) } }
    }
  }
}

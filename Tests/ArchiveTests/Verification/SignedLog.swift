import Archive
import Crypto
import Domain
import Foundation
import Integrity
import Log
import Postgres
import Service

/// A ledger of 1,030 notes with checkpoints, as the notary keeps them: rows in the table, lines in the file.
struct SignedLog {
  let connection: Connection
  let settings: ConnectionSettings
  let leaves: [[UInt8]]
  let file: String
  let key = Ed25519PrivateKey(seed: [UInt8](repeating: 3, count: 32))!

  static let origin = "test/main"
  static let sizes: [Int64] = [1, 17, 512, 700, 1024, 1030]

  init(_ settings: ConnectionSettings) async throws {
    let making = try Connection(settings)
    try LedgerRows.create(making, "main")
    let writer = LedgerWriter(ledger: "main", settings: settings, zones: { _ in .utc })
    let drafts = try (1...1030).map { number in
      try EventDraft(
        planned: "x.note", subject: "note/\(number % 9)", id: "n\(number)", source: "/test",
        data: .object(["number": .integer(Int64(number))]))
    }
    let service = Principal(key: "service000001", kind: .service, owner: "alice", roles: [.service])
    for start in stride(from: 0, to: drafts.count, by: 500) {
      _ = try await writer.append(Array(drafts[start..<min(start + 500, drafts.count)]), by: service, bytes: 10)
    }
    await writer.close()
    connection = making
    self.settings = settings
    leaves = try LogReader(making, ledger: "main").page(LogFilter(), limit: 2000).map {
      EventHash.leaf(entry: EventHash.entry($0))
    }
    file = FileManager.default.temporaryDirectory.appending(path: "daybook-\(UUID().uuidString).ndjson").path
    for table in ["events", "seals", "checkpoints", "checkpoint_series"] {
      try making.execute("ALTER TABLE daybook.\(table) DISABLE TRIGGER USER")
    }
    try begin(1)
    for size in Self.sizes { try keep(checkpoint(size)) }
    try writeFile(Self.sizes.map { checkpoint($0) })
  }

  func verifier(_ origin: String = SignedLog.origin, _ key: Ed25519PrivateKey? = nil) -> VerifierKey {
    VerifierKey(name: origin, kind: .ed25519, publicKey: (key ?? self.key).publicKey)!
  }

  /// A checkpoint of the log, or of another root.
  func checkpoint(
    _ size: Int64, root: [UInt8]? = nil, origin: String = SignedLog.origin, by other: Ed25519PrivateKey? = nil
  ) -> SignedNote {
    let key = other ?? self.key
    let known = Int(min(size, Int64(leaves.count)))
    let root = root ?? ReferenceTree(leafHashes: leaves).root(size: known)
    return SignedNote(
      Checkpoint(origin: origin, size: size, root: root).text,
      signers: [NoteSigner(verifier(origin, key)) { key.sign($0) }])
  }

  func begin(_ series: Int, origin: String = SignedLog.origin) throws {
    try connection.execute(
      """
      INSERT INTO daybook.checkpoint_series (ledger_id, series, origin, verifier_key, reason, started_at)
      VALUES ('main', $1, $2, $3, 'a reason', now())
      """, [.int32(Int32(series)), .text(origin), .text(verifier(origin).text)])
  }

  func keep(_ note: SignedNote, series: Int = 1) throws {
    let checkpoint = try Checkpoint(text: note.text)
    try connection.execute(
      """
      INSERT INTO daybook.checkpoints (ledger_id, series, position, root, note, signed_at)
      VALUES ('main', $1, $2, $3, $4, now())
      """,
      [.int32(Int32(series)), .int64(checkpoint.size), .bytes(checkpoint.root), .bytes(note.bytes)])
  }

  /// A line as the notary writes it.
  func line(_ note: SignedNote, series: Int = 1) -> String {
    let json = JSON.object([
      "series": .integer(Int64(series)), "signed_at": .text("2026-01-01T00:00:00.000000Z"),
      "note": .text(String(decoding: note.bytes, as: UTF8.self)),
    ])
    return String(decoding: json.canonical, as: UTF8.self) + "\n"
  }

  func seriesLine(_ number: Int, origin: String = SignedLog.origin) -> String {
    let json = JSON.object([
      "series": .integer(Int64(number)), "origin": .text(origin), "verifier_key": .text(verifier(origin).text),
      "reason": .text("a reason"), "started_at": .text("2026-01-01T00:00:00.000000Z"),
    ])
    return String(decoding: json.canonical, as: UTF8.self) + "\n"
  }

  func writeFile(_ notes: [SignedNote], end: String = "") throws {
    let text = seriesLine(1) + notes.map { line($0) }.joined() + end
    try text.write(toFile: file, atomically: true, encoding: .utf8)
  }

  func verify(_ change: (inout VerificationOptions) -> Void = { _ in }) throws -> VerificationReport {
    var options = VerificationOptions()
    options.checkpointFile = file
    change(&options)
    return try Verification.run(connection, ledger: "main", options: options)
  }
}

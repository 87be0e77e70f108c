import Control
import Crypto
import Domain
import Foundation
import Integrity
import Log
import Postgres
import Service

@testable import Archive

/// A ledger with a mixed history, written as services and people write it.
enum FilledLedger {
  static let service = Principal(key: "service000001", kind: .service, owner: "alice", roles: [.service])
  static let operations = Principal(key: "human0000001", kind: .human, owner: "carol", roles: [.operator])

  /// Completions of a few users, events of one's own with unicode and a personal part, and a kill switch on a user.
  static func make(_ settings: ConnectionSettings, completions: Int = 400) async throws {
    let connection = try Connection(settings)
    try LedgerRows.create(connection, "main")
    connection.close()
    let writer = LedgerWriter(ledger: "main", settings: settings, zones: { _ in .utc })
    var drafts = (0..<completions).map(completion)
    drafts += try (0..<50).map { number in
      try EventDraft(
        planned: "x.shop.note", subject: "note/\(number % 7)", id: "note-\(number)", source: "/shop",
        data: .object(["text": .text("grüße 🚀 \"\(number)\"\n\t\\"), "number": .integer(Int64(number) * -7)]))
    }
    for start in stride(from: 0, to: drafts.count, by: 150) {
      _ = try await writer.append(
        Array(drafts[start..<min(start + 150, drafts.count)]), by: service, bytes: 1000)
    }
    _ = try await writer.command(
      .activateKillSwitch(scope: "user/only a switch knows me", reason: "a test", triggeredBy: "cli"), by: operations,
      key: "switch", request: String(repeating: "0", count: 64), freshID: "01a1f8a9-c57e-7763-b7f3-0f0042252762")
    await writer.close()
  }

  static func completion(_ number: Int) -> EventDraft {
    let json = JSON.object([
      "specversion": .text("1.0"), "id": .text("completion-\(number)"), "source": .text("/gateway"),
      "type": .text("completion.recorded"), "subject": .text("call/\(number)"),
      "data": .object([
        "operation": .text("chat_message"), "model": .text("deepseek"), "provider": .text("deepseek"),
        "attempt": .integer(1), "status": .text("ok"), "usage_source": .text("provider"),
        "usage": .object(["input_tokens": .integer(Int64(number * 37 % 4000)), "output_tokens": .integer(12)]),
        "latency_ms": .integer(Int64(number * 91 % 9000)), "user": .text("úser \(number % 23)"),
        "session": number % 3 == 0 ? .text("session-\(number % 11)") : nil,
        "tags": number % 5 == 0 ? .object(["k": .text("v\(number)")]) : nil,
      ]),
    ])
    guard let draft = try? CloudEvents.read(event: json.canonical) else {
      preconditionFailure("the sample fits the catalogue")
    }
    return draft
  }

  static let key = Ed25519PrivateKey(seed: [UInt8](repeating: 5, count: 32))!
  static let signer = NoteSigner(
    VerifierKey(name: "daybook/main/archive", kind: .ed25519, publicKey: key.publicKey)!, sign: { key.sign($0) })

  /// Brings a folder up to date.
  @discardableResult
  static func archive(_ settings: ConnectionSettings, to folder: String) throws -> Int64 {
    let connection = try Connection(settings)
    defer { connection.close() }
    var form = ArchiveWriter.Form()
    form.events = 128
    return try LogArchiver(
      connection, ledger: "main", folder: folder, origin: "daybook/main", form: form, signer: signer
    ).run()
  }

  /// Everything of the log and of its persons, as one text.
  static func contents(_ settings: ConnectionSettings) throws -> [String] {
    let connection = try Connection(settings)
    defer { connection.close() }
    let rows = try connection.execute(
      """
      SELECT
        (SELECT string_agg(e::text, chr(10) ORDER BY position) FROM daybook.events e),
        (SELECT string_agg(p::text, chr(10) ORDER BY token) FROM daybook.persons p)
      """)
    return [rows.string(0, 0), rows.string(0, 1)]
  }

  static func folder() -> String {
    FileManager.default.temporaryDirectory.appending(path: "daybook-archive-\(UUID().uuidString)").path
  }
}

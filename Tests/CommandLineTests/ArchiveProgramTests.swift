import Domain
import Foundation
import Glibc
import Log
import Postgres
import Service
import TestKit
import Testing

@testable import daybook

/// Archives, exports, restores and their verification, as a person runs them.
@Suite struct ArchiveProgramTests {
  private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "tools/verify_export.py").path

  private func fill(_ settings: ConnectionSettings, _ count: Int) async throws {
    let connection = try Connection(settings)
    try LedgerRows.create(connection, "main")
    connection.close()
    let writer = LedgerWriter(ledger: "main", settings: settings, zones: { _ in .utc })
    let service = Principal(key: "service000001", kind: .service, owner: "alice", roles: [.service])
    for start in stride(from: 0, to: count, by: 1000) {
      let drafts = try (start..<min(start + 1000, count)).map { number in
        try EventDraft(
          planned: "x.note", subject: "note/\(number % 50)", id: "n\(number)", source: "/test",
          data: .object(["text": .text("nöte \(number % 13)"), "number": .integer(Int64(number))]))
      }
      _ = try await writer.append(drafts, by: service, bytes: 1000)
    }
    await writer.close()
  }

  @Test func aKilledArchiverGoesOnAndTheFolderVerifiesAtEveryMoment() async throws {
    let program = try Program()
    let folder = program.folder + "/archive"
    try await withDatabase { settings in
      try await fill(settings, 4000)
      let arguments = ["archive", "--to", folder, "--segment-events", "64", "--database-url", settings.url]
      var random = SystemRandomNumberGenerator()
      var last: Int64 = 0
      for _ in 0..<6 {
        let pid = try program.start([Program.executable] + arguments, output: program.log, errors: program.log)
        try await Task.sleep(for: .milliseconds(Int.random(in: 60...600, using: &random)))
        kill(pid, SIGKILL)
        _ = try await program.wait(pid)
        guard access(folder + "/manifest.note", F_OK) == 0 else { continue }
        let outcome = try await program.run("verify-export", folder, "--format", "json")
        let report = try JSON(parsing: Array(outcome.output.utf8))
        #expect(outcome.exitCode == 0 && report["findings"]?.elements == [], "\(outcome.output)")
        #expect((report["last"]?.integer ?? 0) >= last)
        last = report["last"]?.integer ?? 0
      }
      let end = try await program.run(program: Program.executable, arguments)
      #expect(end.exitCode == 0 && end.output.contains("main 1 to 4000 in 63 segments"), "\(end)")
      #expect(try await program.run("verify-export", folder).exitCode == 0)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/segments").count == 63)
      // An independent reader comes to the same root.
      let root = try #require(end.output.firstMatch(of: /root ([0-9a-f]{64})/)).1
      let python = try await program.run(
        program: "/usr/bin/env", ["python3", Self.script, folder, "4000:\(root)"])
      #expect(python.exitCode == 0 && python.output.contains("4000 events"), "\(python)")
      let wrong = try await program.run(
        program: "/usr/bin/env", ["python3", Self.script, folder, "4000:\(String(repeating: "0", count: 64))"])
      #expect(wrong.exitCode == 1)
    }
  }

  @Test func anExportGoesOutAndComesBack() async throws {
    let program = try Program()
    let (file, folder) = (program.folder + "/log.ndjson", program.folder + "/segments")
    try await withDatabase { settings in
      try await fill(settings, 300)
      let url = settings.url
      #expect(try await program.run("export", "--output", file, "--database-url", url).exitCode == 0)
      let some = try await program.run(
        "export", "--type", "x.*", "--subject", "note/7", "--after", "100", "--database-url", url)
      #expect(some.lines.count == 4 && some.lines.allSatisfy { $0.contains("\"subject\":\"note/7\"") })
      let segments = try await program.run(
        "export", "--format", "segments", "--output", folder, "--database-url", url)
      let key = try #require(segments.output.firstMatch(of: /signed by (\S+)/)).1
      let verified = try await program.run("verify-export", folder, "--key", String(key))
      #expect(verified.exitCode == 0 && verified.output.contains("signed up to 300"), "\(verified)")
      #expect(try await program.run("verify-export", file).exitCode == 0)
      let twice = try await program.run(
        "export", "--format", "segments", "--output", folder, "--database-url", url)
      #expect(twice.exitCode == 1)
      try await withDatabase { target in
        let restored = try await program.run("import", folder, "--key", String(key), "--database-url", target.url)
        #expect(restored.exitCode == 0 && restored.output.contains("300 events imported"), "\(restored)")
        #expect(try await program.run("verify", "--database-url", target.url).exitCode == 0)
        #expect(try await program.run("import", file, "--database-url", target.url).exitCode == 1)
      }
      #expect(try await program.run("verify-export", program.folder + "/nothing").exitCode != 0)
      #expect(try await program.run("export", "--ledger", "mian", "--database-url", url).exitCode != 0)
      #expect(try await program.run("export", "--format", "segments", "--database-url", url).exitCode == 2)
    }
  }
}

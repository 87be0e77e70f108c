import Domain
import Foundation
import Testing

@testable import daybook

/// What was, what changed and why, as somebody at a terminal asks it.
@Suite struct HistoryProgramTests {
  @Test func aNumberLeadsToItsEventsAndTheirReceipts() async throws {
    let program = try Program()
    let up = try await program.up(["--book-snapshot-interval", "2"])
    let events = program.folder + "/events.ndjson"
    let lines = (1...4).map { number in
      """
      {"specversion":"1.0","id":"c\(number)","source":"/test","type":"completion.recorded","subject":"call/\(number)",\
      "data":{"operation":"chat","model":"m\(number % 2)","provider":"p","attempt":1,"status":"ok","latency_ms":5,\
      "usage_source":"provider","usage":{"input_tokens":\(number)}}}
      """
    }
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: events))
    #expect(try await program.run("append", events).output == "4 events, positions 2 to 5.\n")
    #expect(try await program.run("query", "daily_spend", "--min-position", "5").exitCode == 0)

    #expect(try await program.run("events", "--as-of", "3", "--format", "ndjson").lines.count == 3)
    #expect(try await program.run("events", "--as-of", "6").exitCode != 0)
    #expect(try await program.run("events", "--as-of", "3", "--follow").exitCode == 2)

    let explained = try await program.run(
      "explain", "daily_spend", "--operation", "chat", "--model", "m1", "--receipts", program.folder + "/proofs")
    #expect(explained.exitCode == 0, "\(explained.errors)")
    #expect(explained.output.contains("call/1") && explained.output.contains("call/3"))
    #expect(!explained.output.contains("call/2"))
    let key = try #require(
      try await program.run("keys", "log").lines.first { $0.contains("/main+") }?.split(separator: " ").last)
    for position in [2, 4] {
      let verified = try await program.run(
        "verify-receipt", "\(program.folder)/proofs/\(position).tlog-proof", "--key", String(key))
      #expect(verified.exitCode == 0, "\(verified.output)\(verified.errors)")
    }
    let page = try await program.run(
      "explain", "daily_spend", "--operation", "chat", "--limit", "3", "--format", "json")
    let document = try JSON(parsing: Array(page.output.utf8))
    #expect(document["events"]?.elements?.count == 3 && document["next"] == .integer(4))
    #expect(try await program.run("explain", "daily_spend", "--nothing", "x").exitCode == 2)

    let diff = try await program.run("replay", "diff", "daily_spend", "--from", "2", "--to", "4", "--format", "csv")
    #expect(diff.exitCode == 0 && diff.output.contains("calls: 1 → 2"), "\(diff.output)\(diff.errors)")
    let digest = try await program.run("replay", "daily_spend", "--at", "5", "--digest", "--format", "json")
    let scratch = try await program.run(
      "replay", "daily_spend", "--at", "5", "--digest", "--from-scratch", "--format", "json")
    #expect(digest.output == scratch.output && digest.exitCode == 0, "\(digest.errors)")
    #expect(try await program.stop(up) == 0)
  }
}

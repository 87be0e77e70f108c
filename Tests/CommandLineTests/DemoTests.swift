import Compression
import Domain
import Foundation
import Glibc
import Testing

@testable import daybook

/// The demo from end to end: four ways to ask what the day cost, and one that never saw the ledger.
@Suite struct DemoTests {
  @Test func theDayCostsTheSameWhoeverIsAskedAndImportingTwiceChangesNothing() async throws {
    let program = try Program()
    let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "tools/demo/azure-llm-2023").path
    let options = ["--demo", "--demo-data", data]
    let expected = try Self.recomputed(data)
    #expect(
      expected == [
        "agent_execution,8819,18059974,245896,0.0514176066", "chat_message,19366,22361870,4088665,0.104534631",
      ])

    var up = try await program.up(options, within: .seconds(600))
    #expect(Program.text(program.log).contains("0.1559522376"))
    try await check(program, expected)
    let head = try await program.run("status", "--format", "json").output
    #expect(try await program.stop(up) == 0)

    up = try await program.up(options, within: .seconds(600))
    try await check(program, expected)
    let again = try await program.run("status", "--format", "json").output
    #expect(try Self.position(again) == Self.position(head))
    let verified = try await program.run("verify")
    #expect(verified.exitCode == 0, "\(verified.output)\(verified.errors)")
    #expect(try await program.stop(up) == 0)
  }

  private func check(_ program: Program, _ expected: [String]) async throws {
    let asked = try await program.run(
      "query", "daily_spend", "--from", "2023-11-16", "--to", "2023-11-16", "--group-by", "operation", "--format",
      "ndjson")
    #expect(try Self.rows(asked.lines.map { Array($0.utf8) }) == expected, "\(asked.errors)")

    let record = try #require(ReadyRecord.read(program.data + "/ready.json"))
    let key = Program.text(program.data + "/admin.key").trimmed
    let url =
      "\(record.url)/v1/ledgers/main/books/daily_spend/by_key?from=2023-11-16&to=2023-11-16&group_by=operation"
    let fetched = try await program.run(
      program: "/usr/bin/curl", ["--silent", "--fail", "-H", "Authorization: Bearer \(key)", url])
    let answer = try JSON(parsing: Array(fetched.output.utf8))
    #expect(try Self.rows((answer["rows"]?.elements ?? []).map(\.canonical)) == expected)

    let sql = """
      SELECT operation, sum(calls), sum(input_tokens), sum(output_tokens), trim_scale(sum(cost))
      FROM books.daily_spend WHERE ledger_id = 'main' AND day = '2023-11-16' GROUP BY 1 ORDER BY 1
      """
    let database = try #require(record.databaseURL)
    let selected = try await program.run(program: "/usr/bin/psql", [database, "--csv", "--tuples-only", "-c", sql])
    #expect(selected.lines.map(String.init) == expected, "\(selected.errors)")
  }

  /// By Foundation's decimal arithmetic, straight from the files, with the prices that the defaults state.
  private static func recomputed(_ folder: String) throws -> [String] {
    let prices = try #require(
      Decimal(string: "0.0027").flatMap { input in Decimal(string: "0.0108").map { (input: input, output: $0) } })
    let million = Decimal(1_000_000)
    return try [("agent_execution", "code"), ("chat_message", "conv")].map { operation, name in
      let file = try #require(FileManager.default.contents(atPath: "\(folder)/\(name).csv.zst"))
      let text = String(decoding: try Zstandard.decompress(Array(file), limit: 16 << 20), as: UTF8.self)
      var (calls, input, output) = (0, 0, 0)
      var cost = Decimal(0)
      for line in text.split(whereSeparator: \.isNewline).dropFirst() {
        let fields = line.split(separator: ",")
        let context = try #require(Int(fields[1]))
        let generated = try #require(Int(fields[2]))
        calls += 1
        input += context
        output += generated
        cost += Decimal(context) * prices.input / million + Decimal(generated) * prices.output / million
      }
      return "\(operation),\(calls),\(input),\(output),\(cost)"
    }
  }

  /// Rows as `operation,calls,input,output,cost`, in order of the operation.
  private static func rows(_ rows: [[UInt8]]) throws -> [String] {
    try rows.map { bytes in
      let row = try JSON(parsing: bytes)
      #expect(row["currency"]?.string == "USD")
      let counts = ["calls", "input_tokens", "output_tokens"].map { row[$0]?.integer.map(String.init) ?? "?" }
      return ([row["operation"]?.string ?? "?"] + counts + [row["cost"]?.string ?? "?"]).joined(separator: ",")
    }.sorted()
  }

  private static func position(_ status: String) throws -> Int64 {
    try #require(try JSON(parsing: Array(status.utf8))["position"]?.integer)
  }
}

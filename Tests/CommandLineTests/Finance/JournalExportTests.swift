import Foundation
import Testing

@testable import daybook

/// Journals as hledger and beancount read them: both balance, and say what the records say.
@Suite struct JournalExportTests {
  static let tools = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "tools")

  /// Makes both journals of a file of records, and lets the tools confirm every total.
  private func confirm(_ program: Program, _ records: String) async throws -> Program.Outcome {
    let (journal, bean) = (program.folder + "/main.journal", program.folder + "/main.beancount")
    for (format, file) in [("hledger", journal), ("beancount", bean)] {
      let made = try await program.run("export", "--format", format, "--input", records, "--output", file)
      #expect(made.exitCode == 0, "\(made.errors)")
    }
    let checked = try await program.run(program: "/usr/bin/bean-check", [bean])
    #expect(checked.exitCode == 0, "\(checked.errors)\(checked.output)")
    return try await program.run(
      program: "/usr/bin/python3", [Self.tools.appending(path: "check_journals.py").path, records, journal, bean])
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func everyTotalOfASeededHistoryIsConfirmed(seed: UInt64) async throws {
    let program = try Program()
    let records = program.folder + "/records.ndjson"
    try Data(FinanceHistory(seed: seed, count: 400).text.utf8).write(to: URL(fileURLWithPath: records))
    let outcome = try await confirm(program, records)
    #expect(outcome.exitCode == 0 && outcome.output.contains(", 0 differ"), "seed \(seed): \(outcome)")
  }

  @Test func theToolsRefuseADifferenceInTheLastPlace() async throws {
    let program = try Program()
    let records = program.folder + "/records.ndjson"
    try Data(FinanceHistory(seed: 4, count: 60).text.utf8).write(to: URL(fileURLWithPath: records))
    for (format, tool) in [("hledger", "/usr/bin/hledger"), ("beancount", "/usr/bin/bean-check")] {
      let file = program.folder + "/main.\(format)"
      _ = try await program.run("export", "--format", format, "--input", records, "--output", file)
      let arguments = format == "hledger" ? ["-f", file, "check", "--strict"] : [file]
      #expect(try await program.run(program: tool, arguments).exitCode == 0)
      // Half of the smallest amount that a ledger has would be lost to tools that tolerate; one unit is not.
      var lines = Program.text(file).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      let index = try #require(lines.firstIndex { $0.contains("  Liabilities:Accrued") && $0.contains(".") })
      let parts = lines[index].split(separator: " ")
      let currency = try #require(parts.last)
      lines.insert("    Assets:Receivable  0.000000000001 \(currency)", at: index)
      try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: file))
      #expect(try await program.run(program: tool, arguments).exitCode != 0, "\(format)")
    }
  }

  @Test func whatWasAlteredIsNotBooked() async throws {
    let program = try Program()
    let records = program.folder + "/records.ndjson"
    let line = try #require(FinanceHistory(seed: 5, count: 20).lines.first)
    let altered = line.replacing(
      "\"ledger\"", with: "\"payloadhash\":\"\(String(repeating: "0", count: 64))\",\"ledger\"")
    try Data((altered + "\n").utf8).write(to: URL(fileURLWithPath: records))
    let output = program.folder + "/main.journal"
    let made = try await program.run("export", "--format", "hledger", "--input", records, "--output", output)
    #expect(made.exitCode == 1 && made.errors.contains("line 1: its payload hash is another"), "\(made)")
    #expect(!FileManager.default.fileExists(atPath: output))
  }

  @Test func daysAreChosenAndOtherOptionsRefused() async throws {
    let program = try Program()
    let records = program.folder + "/records.ndjson"
    try Data(FinanceHistory(seed: 6, count: 200).text.utf8).write(to: URL(fileURLWithPath: records))
    let some = try await program.run(
      "export", "--format", "hledger", "--input", records, "--from", "2026-01-10", "--to", "2026-01-12")
    let days = Set(some.lines.filter { $0.first == "2" }.map { $0.prefix(10) })
    #expect(days == ["2026-01-10", "2026-01-11", "2026-01-12"], "\(some.errors)")
    for wrong in [["--type", "x.*"], ["--after", "3"], ["--from", "yesterday"], ["--group-by", "day"]] {
      let refused = try await program.run(
        program: Program.executable, ["export", "--format", "hledger", "--input", records] + wrong)
      #expect(refused.exitCode == 2, "\(wrong): \(refused)")
    }
  }
}

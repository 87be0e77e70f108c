import Foundation
import Testing

@testable import daybook

/// FOCUS files as the public validator and a check of every row see them.
@Suite struct FocusExportTests {
  private static let python = JournalExportTests.tools.appending(path: "../.build/python/bin/python").path

  private func check(
    _ program: Program, _ history: FinanceHistory, version: String, validate: Bool, spoil: (String) -> String = { $0 }
  ) async throws -> Program.Outcome {
    let (records, file) = (program.folder + "/records.ndjson", program.folder + "/charges.csv")
    try Data(history.text.utf8).write(to: URL(fileURLWithPath: records))
    let made = try await program.run(
      "export", "--format", "focus", "--focus-version", version, "--input", records, "--output", file)
    #expect(made.exitCode == 0, "\(made.errors)")
    try Data(spoil(Program.text(file)).utf8).write(to: URL(fileURLWithPath: file))
    let script = JournalExportTests.tools.appending(path: "focus_check.py").path
    return try await program.run(
      program: Self.python,
      [script, file, "--focus-version", version, "--records", records] + (validate ? ["--validate"] : []))
  }

  @Test(arguments: ["1.2", "1.4"])
  func everyRowFitsAndTheSumsAreThoseOfTheLog(version: String) async throws {
    let outcome = try await check(
      try Program(), FinanceHistory(seed: 11, count: 300), version: version, validate: version == "1.2")
    #expect(outcome.exitCode == 0 && outcome.output.contains("\n0 faults"), "\(outcome)")
    #expect(version == "1.4" || outcome.output.contains("Pass: "), "\(outcome)")
  }

  @Test func aBadRowIsFound() async throws {
    // The validator passes over a single wrong category; the check of rows does not.
    let category = try await check(
      try Program(), FinanceHistory(seed: 12, count: 40), version: "1.2", validate: false
    ) { text in
      text.replacing("AI and Machine Learning", with: "Artificial Intelligence", maxReplacements: 1)
    }
    #expect(category.exitCode == 1 && category.output.contains("row "), "\(category)")
    // A column that is missing is the validator's to find as well.
    let column = try await check(
      try Program(), FinanceHistory(seed: 12, count: 40), version: "1.2", validate: true
    ) { text in
      text.replacing("ChargeFrequency", with: "x_ChargeFrequency", maxReplacements: 1)
    }
    #expect(column.exitCode == 1 && column.output.contains("the validator: rule "), "\(column)")
  }
}

import Foundation
import Testing

@testable import daybook

/// The drills as they are shipped, over a small part of the trace.
@Suite struct DrillTests {
  private static let tools = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "tools").path

  private func drill(_ arguments: String...) async throws -> Program.Outcome {
    let program = try Program()
    return try await program.run(
      program: "/usr/bin/env",
      ["python3", "-B", Self.tools + "/drilling/drill.py"] + arguments + [
        "--quick", "--daybook", Program.executable, "--trace", Self.tools + "/demo/azure-llm-2023",
      ])
  }

  @Test func everyTamperingIsNoticedAndNobodyComplainsAboutNothing() async throws {
    let outcome = try await drill("tamper", "--jobs", "3")
    #expect(outcome.exitCode == 0, "\(outcome.output)\(outcome.errors)")
    let rows = outcome.lines.filter { $0.hasPrefix("noticed") }.count
    #expect(rows >= 15 && outcome.lines.contains { $0.hasPrefix("silent      nothing") }, "\(outcome.output)")
  }

  /// Who notices nothing must fail the drill: here nobody is told what to look for.
  @Test func aDrillThatIsMissedFails() async throws {
    let outcome = try await drill("tamper", "--only", "payload_byte", "--blind")
    #expect(outcome.exitCode == 1 && outcome.output.contains("MISSED"), "\(outcome.output)\(outcome.errors)")
  }

  @Test func aBackupIsRestoredToAMomentAndAnOlderOneIsCaught() async throws {
    let outcome = try await drill("backup")
    #expect(
      outcome.exitCode == 0 && outcome.output.contains("All was as claimed."), "\(outcome.output)\(outcome.errors)")
  }
}

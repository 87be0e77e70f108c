import Foundation
import Postgres

extension Bench {
  /// The journals and charges of the whole log, by the program as a person runs it: lines a second, and its memory.
  func measureFinanceExports() throws {
    let formats = ["hledger", "beancount", "focus"]
    for format in formats {
      let file = "\(settings.folder)/export.\(format)"
      let started = ContinuousClock.now
      let program = try Program(
        settings.daybook,
        [
          "export", "--format", format, "--output", file, "--database-url", deployment.connectionSettings.url,
        ], output: "\(settings.folder)/export.out", isQuiet: true)
      let use = try program.use()
      let seconds = (ContinuousClock.now - started).inSeconds
      let lines = try Self.lines(of: file)
      unlink(file)
      let rate = Double(lines) / seconds
      report.add(
        Report.Row(
          measure: "export as \(format)", ours: "\(Int(rate)) lines/s", against: "asked for", value: rate, unit: "/s",
          reach: 100_000, aim: 200_000, sense: .floor, rounds: [rate]))
      report.note(
        """
        Exported \(lines) lines as \(format) in \(Report.text(seconds)) s, \(Report.text(use.seconds)) s of processor, \
        holding \(Int(use.mebibytes)) MiB.
        """)
    }
  }

  private static func lines(of path: String) throws -> Int {
    guard let file = fopen(path, "r") else { throw MeasureError("no \(path)") }
    defer { fclose(file) }
    var piece = [UInt8](repeating: 0, count: 1 << 20)
    var lines = 0
    while case let count = fread(&piece, 1, piece.count, file), count > 0 {
      lines += piece[..<count].count { $0 == 0x0A }
    }
    return lines
  }
}

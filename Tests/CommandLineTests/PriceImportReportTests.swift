import Control
import Domain
import Foundation
import Testing

@testable import daybook

@Suite struct PriceImportReportTests {
  private func file(_ text: String, _ arguments: String...) throws -> PriceTableFile {
    let path = NSTemporaryDirectory() + "daybook-prices-\(UInt64.random(in: 0...UInt64.max)).json"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let request = try ArgumentParser(commands: CommandTable.all).parse(
      ["prices", "import", path] + arguments, environment: [:])
    guard case .run(let invocation) = request else { throw CheckFailure("not run") }
    return try PriceTableFile(invocation)
  }

  private let table = #"""
    {
      "last_updated": "2026-03-05T11:00:00+02:00",
      "p/m": {"litellm_provider": "p", "input_cost_per_token": 1.5e-06, "output_cost_per_token": 2e-05},
      "bad": {"litellm_provider": "p", "input_cost_per_token": -1},
      "pixels": {"litellm_provider": "p", "input_cost_per_pixel": 1e-08}
    }
    """#

  @Test func aTableIsDatedByTheDayThatItSaysUnlessTheCallerDoes() throws {
    #expect(try file(table).validFrom == Timestamp(rfc3339: "2026-03-05T00:00:00Z"))
    let given = try file(
      table, "--valid-from", "2026-01-01T00:00:00Z", "--currency", "EUR", "--provider-map", "p=own")
    #expect(given.validFrom == Timestamp(rfc3339: "2026-01-01T00:00:00Z"))
    #expect(given.table.rows.map(\.price.provider) == ["own", "own"])
    #expect(given.table.rows.first?.price.price.description == "1.5 EUR")
    for wrong in [["--currency", "eur"], ["--provider-map", "p"], ["--valid-from", "today"]] {
      #expect(throws: UsageError.self) { try self.file(self.table, wrong[0], wrong[1]) }
    }
  }

  @Test func peopleSeeWhatChangesWithItsLineAndMachinesSeeAll() throws {
    let file = try file(table)
    let rows = file.table.rows.map(\.price)
    var before = rows[0]
    before.id = 7
    before.price = Money(Amount("15")!, Currency("USD")!)
    let difference = PriceDifference(file.table, present: [before])
    let report = PriceImportReport(file: file, difference: difference, outcome: nil, showsAll: false)
    for line in [
      "held  p/m    p         input_tokens  15 USD per_million  1.5 USD per_million     3  cut_tenfold",
      "/bad/input_cost_per_token     4  a price is not below zero", "input_cost_per_pixel 1×",
      "Nothing was changed: --apply lists what passes and proposes what is held.",
    ] {
      #expect(report.text.contains(line), "\(report.text)")
    }
    let json = report.json
    #expect(json["counts"]?["held"] == .integer(1) && json["counts"]?["new"] == .integer(1))
    #expect(
      json["changes"]?.elements?.map { $0["pointer"] }
        == ["/p~1m/input_cost_per_token", "/p~1m/output_cost_per_token"].map(JSON.text))
    #expect(json["changes"]?.elements?.first?["before"]?["price_id"] == .integer(7))
    #expect(json["names"]?.elements?.first?["alias"] == .text("m"))
  }
}

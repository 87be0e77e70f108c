import Domain
import Testing

@testable import Accounting

/// Rows worked by hand.
@Suite struct FocusTextTests {
  private func rows(
    _ records: [AccountingRecord], _ version: FocusVersion = .v1_2, zone: ReportingZone = .utc
  ) throws -> [[FocusColumn: String]] {
    var text = FocusText(version, ledger: "main", days: allDays)
    text.zone = zone
    var bytes: [UInt8] = []
    for record in records { try text.append(record, to: &bytes) }
    // No field of these has a comma.
    return String(decoding: bytes, as: UTF8.self).split(separator: "\r\n").map { line in
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      return Dictionary(uniqueKeysWithValues: zip(version.columns, fields))
    }
  }

  private static let lines = """
    [{"amount":"0.0000031185","class":"input_tokens","per":1000000,"price":"0.0027","price_id":1,"quantity":1155},
     {"amount":"0.0000022788","class":"output_tokens","per":1000000,"price":"0.0108","price_id":2,"quantity":211}]
    """
  private static let call = #"{"operation":"chat","model":"m1","provider":"p"}"#
  private static let derived =
    #"{"posting_date":"2026-01-31","cost":{"amount":"0.0000053973","currency":"USD"},"lines":\#(lines)}"#

  @Test func aCompletionHasARowForEachLineOfItsCost() throws {
    let made = try rows([try record(7, "completion.recorded", Self.call, derived: Self.derived)])
    #expect(made.count == 2)
    #expect(made[0][.billedCost] == "0.0000031185" && made[0][.listUnitPrice] == "0.0027")
    #expect(made[0][.consumedQuantity] == "1155.0" && made[0][.consumedUnit] == "Tokens")
    #expect(made[0][.pricingQuantity] == "0.001155" && made[0][.pricingUnit] == "1000000 Tokens")
    #expect(made[0][.skuId] == "p/m1/input_tokens" && made[0][.skuPriceId] == "p/m1/input_tokens#price 1")
    #expect(
      made[0][.chargePeriodStart] == "2026-01-31T00:00:00Z" && made[0][.chargePeriodEnd] == "2026-02-01T00:00:00Z")
    #expect(
      made[0][.billingPeriodStart] == "2026-01-01T00:00:00Z" && made[0][.billingPeriodEnd] == "2026-02-01T00:00:00Z")
    #expect(made[1][.billedCost] == "0.0000022788" && made[1][.position] == "7")
    #expect(made[0][.chargeCategory] == "Usage" && made[0][.chargeClass] == "")
  }

  @Test func aReversalInALaterMonthIsACorrection() throws {
    let entry = #"{"type":"completion.recorded","position":7,"data":\#(Self.call),"derived":\#(Self.derived)}"#
    func reversal(_ day: String) throws -> [[FocusColumn: String]] {
      try rows([
        try record(
          9, "entry.reversed", #"{"reverses":7}"#, derived: #"{"posting_date":"\#(day)","reversed":\#(entry)}"#)
      ])
    }
    let same = try reversal("2026-01-31")
    #expect(same.map { $0[.billedCost] } == ["-0.0000031185", "-0.0000022788"])
    #expect(
      same[0][.chargeClass] == "" && same[0][.pricingQuantity] == "-0.001155" && same[0][.listUnitPrice] == "0.0027")
    #expect(same[0][.corrects] == "7")
    #expect(try reversal("2026-02-01").allSatisfy { $0[.chargeClass] == "Correction" })
  }

  @Test func daysAreTheZones() throws {
    // Berlin: one hour ahead in winter, two from 2026-03-29, 01:00 UTC on.
    let change = try #require(Timestamp(rfc3339: "2026-03-29T01:00:00Z"))
    let zone = ReportingZone(
      identifier: "Europe/Berlin", initialOffset: 3600, transitions: [.init(from: change, offset: 7200)])
    let cost = try record(
      1, "cost.incurred", #"{"category":"vm","cost":{"amount":"2","currency":"EUR"},"provider":"h"}"#,
      derived: #"{"posting_date":"2026-03-29","accrual":{"from":"2026-03-29","through":"2026-03-30"}}"#)
    let made = try rows([cost], .v1_4, zone: zone)
    #expect(made.map { $0[.chargePeriodStart] } == ["2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"])
    #expect(made.map { $0[.billingPeriodEnd] } == ["2026-03-31T22:00:00Z", "2026-03-31T22:00:00Z"])
    #expect(made[0][.serviceProviderName] == "h" && made[0][.providerName] == nil)
    #expect(made[0][.serviceCategory] == "Compute" && made[0][.billedCost] == "1.0")
  }

  @Test func aCreditHasNoQuantity() throws {
    let made = try rows([
      try record(1, "cost.incurred", #"{"category":"other","cost":{"amount":"-2","currency":"USD"}}"#)
    ])
    #expect(made[0][.chargeCategory] == "Credit" && made[0][.pricingQuantity] == "" && made[0][.skuId] == "")
    #expect(made[0][.providerName] == "Unattributed" && made[0][.chargeFrequency] == "One-Time")
  }

  @Test func aReportedCostIsOneRequestAtItsPrice() throws {
    let made = try rows([
      try record(
        4, "completion.recorded", Self.call,
        derived: #"{"posting_date":"2026-01-31","basis":"reported","cost":{"amount":"0.5","currency":"USD"}}"#)
    ])
    #expect(made.count == 1 && made[0][.pricingUnit] == "Requests" && made[0][.listUnitPrice] == "0.5")
    #expect(made[0][.skuPriceId] == "p/m1/call#event 4")
  }
}

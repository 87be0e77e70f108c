import Domain

/// One row, column by column.
struct FocusRow {
  var record: AccountingRecord
  var booking: Booking
  var subject: FocusSubject
  var charge: FocusCharge
  var period: FocusPeriod

  /// Writes what the column says; text as it is, to be quoted.
  func append(_ column: FocusColumn, to bytes: inout [UInt8]) {
    switch column {
    case .billedCost, .contractedCost, .effectiveCost, .listCost: FocusField.append(charge.amount, to: &bytes)
    case .billingCurrency: booking.money.currency.append(to: &bytes)
    case .billingPeriodStart: bytes.append(contentsOf: period.monthStart)
    case .billingPeriodEnd: bytes.append(contentsOf: period.monthEnd)
    case .chargePeriodStart: bytes.append(contentsOf: period.start)
    case .chargePeriodEnd: bytes.append(contentsOf: period.end)
    case .chargeCategory: bytes.append(literal: charge.usage == nil ? "Credit" : "Usage")
    case .chargeClass: if isLaterCorrection { bytes.append(literal: "Correction") }
    case .chargeDescription: appendDescription(to: &bytes)
    case .chargeFrequency: bytes.append(literal: charge.usage == nil ? "One-Time" : "Usage-Based")
    case .invoice, .invoiceId:
      if booking.fact.kind == .cost { booking.fact.text("invoice")?.appendText(to: &bytes) }
    case .hostProviderName, .invoiceIssuerName, .providerName, .publisherName, .serviceProviderName:
      bytes.append(contentsOf: subject.provider)
    case .serviceCategory: bytes.append(literal: subject.service.category)
    case .serviceName: bytes.append(literal: subject.service.name)
    case .serviceSubcategory: bytes.append(literal: subject.service.subcategory)
    case .tags: bytes.append(contentsOf: subject.tags)
    case .position: JSONWriter.appendInteger(record.position, to: &bytes)
    case .receiptId: bytes.append(contentsOf: record.receipt)
    case .eventType: bytes.append(contentsOf: record.type.utf8)
    case .eventTime: record.time.append(to: &bytes)
    case .model: bytes.append(contentsOf: subject.model)
    case .corrects: if booking.isCorrection { JSONWriter.appendInteger(booking.fact.position, to: &bytes) }
    case .skuPriceDetails: break
    default: appendUsage(column, to: &bytes)
    }
  }

  /// What is told of usage and price; nothing of a credit.
  private func appendUsage(_ column: FocusColumn, to bytes: inout [UInt8]) {
    guard let usage = charge.usage else { return }
    switch column {
    case .consumedQuantity: FocusField.append(usage.consumed, to: &bytes)
    case .consumedUnit: bytes.append(literal: usage.consumedUnit)
    case .listUnitPrice: FocusField.append(usage.price, to: &bytes)
    case .pricingCategory: bytes.append(literal: "Standard")
    case .pricingQuantity: FocusField.append(usage.priced, to: &bytes)
    case .pricingUnit: usage.pricingUnit.append(to: &bytes)
    case .skuId: appendSKU(usage, to: &bytes)
    case .skuMeter: bytes.append(contentsOf: usage.meter.utf8)
    case .skuPriceId:
      appendSKU(usage, to: &bytes)
      // A price of the list by its number; where the charge told its price itself, it is known by the charge.
      bytes.append(literal: usage.priceID == nil ? "#event " : "#price ")
      JSONWriter.appendInteger(usage.priceID ?? booking.fact.position, to: &bytes)
    default: preconditionFailure("every column is written")
    }
  }

  private func appendSKU(_ usage: FocusCharge.Usage, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: subject.sku)
    bytes.append(contentsOf: usage.meter.utf8)
  }

  /// FOCUS calls a correction what corrects an earlier billing period; within the period it is a charge like any other.
  private var isLaterCorrection: Bool {
    guard booking.isCorrection else { return false }
    let own = booking.fact.derived?["accrual"]?["through"] ?? booking.fact.derived?["posting_date"]
    guard let day = own?.string.flatMap({ CivilDate($0) }) else { return true }
    return day < period.month
  }

  private func appendDescription(to bytes: inout [UInt8]) {
    let fact = booking.fact
    if booking.isCorrection { bytes.append(literal: charge.amount.isNegative ? "Takes back: " : "Corrects: ") }
    if fact.kind == .completion {
      fact.text("operation")?.appendText(to: &bytes)
      bytes.append(literal: ": ")
      bytes.append(contentsOf: (charge.usage?.meter ?? "call").utf8)
      bytes.append(literal: " of ")
      bytes.append(contentsOf: subject.model)
    } else {
      (fact.text("description") ?? fact.text("category"))?.appendText(to: &bytes)
    }
  }
}

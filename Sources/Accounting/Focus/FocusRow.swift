import Domain

/// One row, column by column.
struct FocusRow {
  var record: AccountingRecord
  var booking: Booking
  var charge: FocusCharge
  var period: FocusPeriod

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
      if booking.fact.kind == .cost { FocusField.append(booking.fact["invoice"], to: &bytes) }
    case .tags: appendTags(to: &bytes)
    case .position: JSONWriter.appendInteger(record.position, to: &bytes)
    case .receiptId: bytes.append(contentsOf: record.receipt)
    case .eventType: bytes.append(contentsOf: record.type.utf8)
    case .eventTime: record.time.append(to: &bytes)
    case .model: FocusField.append(booking.fact["model"], to: &bytes)
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
    case .pricingUnit: bytes.append(contentsOf: usage.pricingUnit)
    case .skuId: FocusField.append(ExactText(sku(usage)), to: &bytes)
    case .skuMeter: bytes.append(contentsOf: usage.meter.utf8)
    case .skuPriceId:
      // A price of the list by its number; where the charge told its price itself, it is known by the charge.
      let price = usage.priceID.map { "price \($0)" } ?? "event \(booking.fact.position)"
      FocusField.append(ExactText("\(sku(usage))#\(price)"), to: &bytes)
    default: preconditionFailure("every column is written")
    }
  }

  private func sku(_ usage: FocusCharge.Usage) -> String {
    let provider = booking.fact["provider"]?.string ?? "Unattributed"
    let what = booking.fact[booking.fact.kind == .completion ? "model" : "category"]?.string ?? ""
    return "\(provider)/\(what)/\(usage.meter)"
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
    var text = ""
    if booking.isCorrection { text += charge.amount.isNegative ? "Takes back: " : "Corrects: " }
    if fact.kind == .completion {
      text += "\(fact["operation"]?.string ?? ""): \(charge.usage?.meter ?? "call") of \(fact["model"]?.string ?? "")"
    } else {
      text += fact["description"]?.string ?? fact["category"]?.string ?? ""
    }
    FocusField.append(ExactText(text), to: &bytes)
  }

  /// What the caller counts the charge for, as a JSON object; nothing that is about a person.
  private func appendTags(to bytes: inout [UInt8]) {
    var json: [UInt8] = []
    for key in ["goal", "operation", "strategy", "team"] {
      guard let value = booking.fact[key] else { continue }
      json.append(UInt8(ascii: json.isEmpty ? "{" : ","))
      JSONWriter.appendString(key, to: &json)
      json.append(UInt8(ascii: ":"))
      JSONWriter.appendString(value.string, to: &json)
    }
    guard !json.isEmpty else { return }
    json.append(UInt8(ascii: "}"))
    FocusField.append(json, to: &bytes)
  }
}

/// Fields of CSV.
enum FocusField {
  /// A decimal, with a point in it: a column of whole numbers would be taken for one of integers, which FOCUS does not allow.
  static func append(_ amount: Amount, to bytes: inout [UInt8]) {
    amount.append(to: &bytes)
    if amount.units % 1_000_000_000_000 == 0 { bytes.append(literal: ".0") }
  }

  static func append(_ text: ExactText?, to bytes: inout [UInt8]) {
    if let text { append(Array(text.string.utf8), to: &bytes) }
  }

  static func append(_ text: [UInt8], to bytes: inout [UInt8]) {
    let needsQuotes =
      text.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D } || text.first == 0x20
      || text.last == 0x20
    guard needsQuotes else { return bytes.append(contentsOf: text) }
    bytes.append(0x22)
    for byte in text {
      if byte == 0x22 { bytes.append(0x22) }
      bytes.append(byte)
    }
    bytes.append(0x22)
  }
}

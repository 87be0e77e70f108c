import Domain

/// One charge: a part of a booking on one day, as a row of the dataset tells it.
struct FocusCharge {
  /// What was used, at which price.
  struct Usage {
    /// The class of usage, or what is counted where there is none.
    var meter: String
    var consumed: Amount
    var consumedUnit: StaticString
    var priced: Amount
    var pricingUnit: [UInt8]
    var price: Amount
    /// The ledger's number of the price; nil where the charge itself told its price.
    var priceID: Int64?
  }

  var amount: Amount
  /// Nil for a credit, which has no quantity.
  var usage: Usage?
}

extension FocusCharge {
  /// The charges that a day's part of a booking consists of: a line of the cost each where there are some, else one.
  static func charges(of booking: Booking, amount: Amount, lines: JSONView?) throws(AccountingError) -> [FocusCharge]
  {
    if booking.fact.kind == .completion, let lines, lines.count > 0 {
      let sign: Int128 = amount.isNegative ? -1 : 1
      var charges: [FocusCharge] = []
      var sum: Int128 = 0
      for line in lines.elements {
        let charge = try charge(line, sign, booking.fact.position)
        sum += charge.amount.units
        charges.append(charge)
      }
      if sum == amount.units { return charges }
    }
    return [FocusCharge(amount: amount, usage: whole(booking, amount))]
  }

  /// A charge that names no price: one unit of it; nil for a credit.
  private static func whole(_ booking: Booking, _ amount: Amount) -> Usage? {
    // A credit, and what takes one back.
    let isCredit = booking.fact.kind == .cost && ((try? booking.fact.money())??.amount.isNegative ?? false)
    if isCredit { return nil }
    let quantity = Amount(whole: amount.isNegative ? -1 : 1)
    let isCall = booking.fact.kind == .completion
    return Usage(
      meter: isCall ? "call" : "charge", consumed: quantity, consumedUnit: isCall ? "Requests" : "Units",
      priced: quantity, pricingUnit: Array((isCall ? "Requests" : "Units").utf8), price: amount.magnitude)
  }

  private static func charge(
    _ line: JSONView, _ sign: Int128, _ position: Int64
  ) throws(AccountingError) -> FocusCharge {
    guard let amount = line["amount"]?.string.flatMap({ Amount($0) }),
      let price = line["price"]?.string.flatMap({ Amount($0) }), let per = line["per"]?.integer, per > 0,
      let quantity = line["quantity"]?.integer, let meter = line["class"]?.string
    else { throw AccountingError(.unreadable, at: position, "a line of its cost is none") }
    let unit = FocusUnit(meter: meter, per: per)
    // Beyond whole powers of ten the quotient may not end; it is rounded once, half-even, at the twelfth place.
    guard let consumed = Amount(exactly: Int128(quantity) * sign * 1_000_000_000_000),
      let priced = try? consumed.multiplied(by: 1, per: unit.divisor)
    else { throw AccountingError(.overflow, at: position, "its quantity does not fit") }
    return FocusCharge(
      amount: Amount(units: amount.units * sign),
      usage: Usage(
        meter: meter, consumed: consumed, consumedUnit: unit.consumed, priced: priced, pricingUnit: unit.pricing,
        price: price, priceID: line["price_id"]?.integer))
  }
}

/// The units of a class of usage, by FOCUS's unit format.
struct FocusUnit {
  var consumed: StaticString
  var pricing: [UInt8]
  /// How many consumed units one pricing unit has.
  var divisor: Int64

  init(meter: String, per: Int64) {
    divisor = per
    switch meter {
    case "audio_ms":
      consumed = "Milliseconds"
      switch per {
      case 1000: pricing = Array("Seconds".utf8)
      case 60_000: pricing = Array("Minutes".utf8)
      case 3_600_000: pricing = Array("Hours".utf8)
      default: pricing = Self.counted(per, "Milliseconds")
      }
      return
    case "characters": consumed = "Characters"
    case "images": consumed = "Images"
    case "requests": consumed = "Requests"
    default: consumed = "Tokens"
    }
    pricing = Self.counted(per, consumed)
  }

  private static func counted(_ per: Int64, _ unit: StaticString) -> [UInt8] {
    var bytes: [UInt8] = []
    if per != 1 {
      JSONWriter.appendInteger(per, to: &bytes)
      bytes.append(0x20)
    }
    bytes.append(contentsOf: UnsafeBufferPointer(start: unit.utf8Start, count: unit.utf8CodeUnitCount))
    return bytes
  }
}

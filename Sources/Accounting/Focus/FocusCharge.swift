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
    var pricingUnit: FocusUnit
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
    let unit: StaticString = isCall ? "Requests" : "Units"
    return Usage(
      meter: isCall ? "call" : "charge", consumed: quantity, consumedUnit: unit, priced: quantity,
      pricingUnit: FocusUnit(name: unit), price: amount.magnitude)
  }

  private static func charge(
    _ line: JSONView, _ sign: Int128, _ position: Int64
  ) throws(AccountingError) -> FocusCharge {
    guard let amount = line["amount"]?.string.flatMap({ Amount($0) }),
      let price = line["price"]?.string.flatMap({ Amount($0) }), let per = line["per"]?.integer, per > 0,
      let quantity = line["quantity"]?.integer, let meter = line["class"]?.string
    else { throw AccountingError(.unreadable, at: position, "a line of its cost is none") }
    let consumedUnit = FocusUnit.consumed(meter)
    // Beyond whole powers of ten the quotient may not end; it is rounded once, half-even, at the twelfth place.
    guard let consumed = Amount(exactly: Int128(quantity) * sign * 1_000_000_000_000),
      let priced = try? consumed.multiplied(by: 1, per: per)
    else { throw AccountingError(.overflow, at: position, "its quantity does not fit") }
    return FocusCharge(
      amount: Amount(units: amount.units * sign),
      usage: Usage(
        meter: meter, consumed: consumed, consumedUnit: consumedUnit, priced: priced,
        pricingUnit: FocusUnit(consumedUnit, isTime: meter == "audio_ms", per: per), price: price,
        priceID: line["price_id"]?.integer))
  }
}

/// The unit that a price is for, by FOCUS's unit format.
struct FocusUnit {
  /// What one is called.
  var name: StaticString
  /// How many of them.
  var count: Int64 = 1

  func append(to bytes: inout [UInt8]) {
    if count != 1 {
      JSONWriter.appendInteger(count, to: &bytes)
      bytes.append(0x20)
    }
    bytes.append(literal: name)
  }
}

extension FocusUnit {
  /// The unit that a class of usage is counted in.
  static func consumed(_ meter: String) -> StaticString {
    switch meter {
    case "audio_ms": "Milliseconds"
    case "characters": "Characters"
    case "images": "Images"
    case "requests": "Requests"
    default: "Tokens"
    }
  }

  /// The unit of a price that is for so many consumed ones.
  init(_ consumed: StaticString, isTime: Bool, per: Int64) {
    switch (isTime, per) {
    case (true, 1000): self.init(name: "Seconds")
    case (true, 60_000): self.init(name: "Minutes")
    case (true, 3_600_000): self.init(name: "Hours")
    default: self.init(name: consumed, count: per)
    }
  }
}

extension CompletionCost {
  /// The members that `derived` gets from the cost: `basis`, `cost` and `lines`, or `unpriced`.
  ///
  /// `lines` stand only beside a computed cost.
  public var members: [ExactText: JSON] {
    switch self {
    case .computed(let cost, let lines):
      ["basis": .text("computed"), "cost": cost.json, "lines": .array(lines.map(\.json))]
    case .reported(let cost): ["basis": .text("reported"), "cost": cost.json]
    case .unpriced: ["unpriced": .boolean(true)]
    }
  }
}

/// Writes the `derived` part of a fact as canonical bytes, without building a JSON value first.
public enum DerivedFact {
  /// Appends `{"accrual", "basis", "budget", "cost", "late", "lines", "period", "persons", "posting_date", "settlement",
  /// "unpriced"}`, each where it applies.
  ///
  /// - Parameters:
  ///   - cost: of a completion; nil for the other facts.
  ///   - isLate: recorded more than seven days after its time, or for a month that was closed by then.
  ///   - persons: JSON Pointers into data with the tokens that stand for the persons named there; each pointer once.
  ///   - posting: the reporting zone's days that books post the fact to.
  ///   - effect: what the fact does to budgets; nil where that is nothing.
  public static func append(
    cost: CompletionCost?, isLate: Bool, persons: [(pointer: String, token: String)], posting: FactPosting,
    effect: SpendEffect? = nil, to bytes: inout [UInt8]
  ) {
    bytes.append(UInt8(ascii: "{"))
    if let accrual = posting.accrual {
      bytes.append(literal: "\"accrual\":")
      posting.appendAccrual(accrual, to: &bytes)
      bytes.append(UInt8(ascii: ","))
    }
    if let cost { appendCost(cost, effect, to: &bytes) } else { effect?.appendCharges(to: &bytes) }
    if isLate { bytes.append(literal: "\"late\":true,") }
    if case .computed(_, let lines) = cost { appendLines(lines, to: &bytes) }
    if let period = posting.period { appendPeriod(period, to: &bytes) }
    if !persons.isEmpty { appendPersons(persons, to: &bytes) }
    bytes.append(literal: "\"posting_date\":\"")
    posting.date.append(to: &bytes)
    bytes.append(UInt8(ascii: "\""))
    if let settlement = effect?.settlement {
      bytes.append(literal: ",\"settlement\":\"")
      bytes.append(contentsOf: settlement.rawValue.utf8)
      bytes.append(UInt8(ascii: "\""))
    }
    if case .unpriced = cost { bytes.append(literal: ",\"unpriced\":true}") } else { bytes.append(UInt8(ascii: "}")) }
  }

  private static func appendPeriod(_ period: DaySpan, to bytes: inout [UInt8]) {
    bytes.append(literal: "\"period\":{\"from\":\"")
    period.from.append(to: &bytes)
    bytes.append(literal: "\",\"through\":\"")
    period.through.append(to: &bytes)
    bytes.append(literal: "\"},")
  }

  private static func appendCost(_ cost: CompletionCost, _ effect: SpendEffect?, to bytes: inout [UInt8]) {
    switch cost {
    case .computed: bytes.append(literal: "\"basis\":\"computed\",")
    case .reported: bytes.append(literal: "\"basis\":\"reported\",")
    case .unpriced: break
    }
    effect?.appendCharges(to: &bytes)
    guard let money = cost.cost else { return }
    bytes.append(literal: "\"cost\":")
    money.appendCanonical(to: &bytes)
    bytes.append(UInt8(ascii: ","))
  }

  private static func appendLines(_ lines: [CostLine], to bytes: inout [UInt8]) {
    bytes.append(literal: "\"lines\":[")
    for (index, line) in lines.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      line.appendCanonical(to: &bytes)
    }
    bytes.append(literal: "],")
  }

  private static func appendPersons(_ persons: [(pointer: String, token: String)], to bytes: inout [UInt8]) {
    bytes.append(literal: "\"persons\":{")
    // RFC 8785 orders keys by UTF-16 code units.
    let sorted =
      persons.count < 2 ? persons : persons.sorted { $0.pointer.utf16.lexicographicallyPrecedes($1.pointer.utf16) }
    for (index, person) in sorted.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      JSONWriter.appendString(person.pointer, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      JSONWriter.appendString(person.token, to: &bytes)
    }
    bytes.append(literal: "},")
  }
}

import Domain

/// A seeded history as a file of records, with everything that books know: reversals, restatements, adjustments, several
/// currencies, accruals with closed months behind them, shared costs and awkward names.
struct FinanceHistory {
  private var random: SeededHistory
  private(set) var lines: [String] = []
  private var entries: [(type: String, position: Int, data: String, derived: String, booked: String?)] = []

  private static let models = [
    "deepseek", "Deepseek", "openai/gpt-4o", "llama3:70b", "ä \u{22}quoted\u{22}, [2026-01-01]", "unattributed",
    "100%",
  ]
  private static let providers = ["p1", "P1", "p 2; x", "Unattributed"]
  private static let strategies = ["growth", "Allocated", "ret:ain", "back\\slash"]

  init(seed: UInt64, count: Int) {
    random = SeededHistory(seed: seed)
    for _ in 0..<count { step() }
  }

  var text: String { lines.map { $0 + "\n" }.joined() }

  private mutating func step() {
    switch random.below(20) {
    case 0..<10: completion()
    case 10..<13: cost()
    case 13..<15: revenue()
    case 15..<17: correct("entry.reversed")
    case 17: correct("cost.restated")
    case 18: correct("entry.adjusted")
    default: rate()
    }
  }

  private mutating func completion() {
    let data = object([
      ("model", pick(Self.models)), ("operation", pick(["chat", "agent:run"])), ("provider", pick(Self.providers)),
      ("strategy", random.below(3) == 0 ? nil : pick(Self.strategies)),
    ])
    switch random.below(10) {
    case 0: add("completion.recorded", data, #"{"posting_date":"\#(day())","unpriced":true}"#, isFact: true)
    case 1..<5:
      let cost = amount(isSigned: false)
      add("completion.recorded", data, #"{"posting_date":"\#(day())","cost":\#(cost)}"#, booked: cost, isFact: true)
    default:
      let (cost, lines) = priced()
      add(
        "completion.recorded", data, #"{"posting_date":"\#(day())","cost":\#(cost),"lines":\#(lines)}"#, booked: cost,
        isFact: true)
    }
  }

  /// A cost made of lines, each rounded once.
  private mutating func priced() -> (cost: String, lines: String) {
    var sum = Amount.zero
    var lines: [String] = []
    for (usageClass, per) in [("input_tokens", 1_000_000), ("output_tokens", 1_000_000), ("audio_ms", 60_000)] {
      let price = Amount(units: Int128(random.next() >> UInt64(24 + random.below(30))))
      let quantity = Int64(random.below(3) == 0 ? 0 : random.below(200_000))
      guard let amount = try? price.multiplied(by: quantity, per: Int64(per)), let next = try? sum.adding(amount)
      else {
        continue
      }
      sum = next
      lines.append(
        """
        {"amount":"\(amount)","class":"\(usageClass)","per":\(per),"price":"\(price)","price_id":\(random.below(50)),\
        "quantity":\(quantity)}
        """)
    }
    return (#"{"amount":"\#(sum)","currency":"USD"}"#, "[" + lines.joined(separator: ",") + "]")
  }

  private mutating func cost() {
    let cost = amount(isSigned: true)
    let data = object(
      [
        ("category", pick(["ai_inference", "vm", "api_service", "other"])),
        ("model", random.below(2) == 0 ? pick(Self.models) : nil),
        ("provider", random.below(2) == 0 ? pick(Self.providers) : nil),
        ("strategy", random.below(2) == 0 ? pick(Self.strategies) : nil),
      ], money: ("cost", cost))
    let from = 20_454 + random.below(60)
    let through = from + random.below(40)
    let notBefore = random.below(3) == 0 ? #","not_before":"\#(Self.day(from + random.below(20)))""# : ""
    let accrual =
      random.below(4) == 0
      ? "" : #","accrual":{"from":"\#(Self.day(from))","through":"\#(Self.day(through))"\#(notBefore)}"#
    add("cost.incurred", data, #"{"posting_date":"\#(Self.day(from))"\#(accrual)}"#, booked: cost, isFact: true)
  }

  private mutating func revenue() {
    let revenue = amount(isSigned: true)
    let data = object(
      [("model", random.below(2) == 0 ? pick(Self.models) : nil), ("strategy", pick(Self.strategies))],
      money: ("revenue", revenue))
    add("revenue.earned", data, #"{"posting_date":"\#(day())"}"#, booked: revenue, isFact: true)
  }

  private mutating func rate() {
    let pair = pick(["EUR USD", "USD JPY", "GBP USD"]).split(separator: " ")
    let rate = pick(["1.0842", "155.003", "0.000000000001", "1.1"])
    add(
      "rate.listed", #"{"base":"\#(pair[0])","quote":"\#(pair[1])","rate":"\#(rate)"}"#,
      #"{"valid_from":"\#(day())"}"#)
    add("x.note", "{}", #"{"posting_date":"2026-01-01"}"#)
  }

  private mutating func correct(_ type: String) {
    guard !entries.isEmpty else { return }
    let index = random.below(entries.count)
    let entry = entries[index]
    guard type == "entry.reversed" || entry.type != "revenue.earned" else { return }
    let carried =
      #"{"type":"\#(entry.type)","position":\#(entry.position),"data":\#(entry.data),"derived":\#(entry.derived)}"#
    let bound = random.below(2) == 0 ? #","not_before":"\#(day())""# : ""
    if type == "entry.reversed" {
      let effective = entry.booked.map { #","effective":\#($0)"# } ?? ""
      add(
        type, #"{"reason":"r","reverses":\#(entry.position)}"#,
        #"{"posting_date":"\#(day())","reversed":\#(carried)\#(effective)\#(bound)}"#)
      entries.remove(at: index)
    } else {
      let after = amount(isSigned: entry.type == "cost.incurred")
      let before = entry.booked.map { #","before":\#($0)"# } ?? ""
      add(
        type, #"{"reason":"r"}"#,
        #"{"posting_date":"\#(day())","entry":\#(carried),"after":\#(after)\#(before)\#(bound)}"#)
      entries[index].booked = after
    }
  }

  private mutating func add(
    _ type: String, _ data: String, _ derived: String, booked: String? = nil, isFact: Bool = false
  ) {
    let position = lines.count + 1
    if isFact { entries.append((type, position, data, derived, booked)) }
    lines.append(
      """
      {"actor":"a","actorkind":"service","data":\(data),"derived":\(derived),"id":"i\(position)","ledger":"main",\
      "position":\(position),"recordedtime":"2026-03-01T00:00:00.000000Z","sequence":1,"source":"/s",\
      "subject":"s/\(position)","time":"2026-03-01T00:00:00.000000Z","type":"\(type)","typeversion":1}
      """)
  }

  private mutating func pick(_ texts: [String]) -> String { texts[random.below(texts.count)] }
  private mutating func day() -> String { Self.day(20_454 + random.below(70)) }
  private static func day(_ number: Int) -> String { CivilDate(daysSince1970: number).description }

  private mutating func amount(isSigned: Bool) -> String {
    let units = Int128(random.next() >> UInt64(random.below(60))) * (isSigned && random.below(4) == 0 ? -1 : 1)
    let currency = ["USD", "EUR", "JPY"][random.below(3)]
    return #"{"amount":"\#(Amount(units: units))","currency":"\#(currency)"}"#
  }

  private func object(_ members: [(String, String?)], money: (String, String)? = nil) -> String {
    var parts: [String] = []
    for (key, value) in members {
      guard let value else { continue }
      var bytes = Array("\"\(key)\":".utf8)
      JSONWriter.appendString(value, to: &bytes)
      parts.append(String(decoding: bytes, as: UTF8.self))
    }
    if let money { parts.append("\"\(money.0)\":\(money.1)") }
    return "{" + parts.joined(separator: ",") + "}"
  }
}

/// One seed, one history (SplitMix64).
struct SeededHistory: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}

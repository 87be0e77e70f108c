import Domain

extension BudgetRegister {
  /// How many counters and reservations are committed: what a snapshot's length goes by.
  var committedEntries: Int { counters.committedCount + rates.committedCount + open.committedCount }

  /// Appends everything that is committed, in an order that is the same everywhere, in RFC 8785 form.
  ///
  /// Counters and reservations are lists of values without names: there may be very many of them, so they are written as
  /// bytes at once.
  func appendSnapshot(to bytes: inout [UInt8]) {
    bytes.append(literal: "{\"budgets\":")
    JSON.array(
      mergedBudgets.map { budget in
        .object([
          "configuration": budget.json, "created_at": .text(budget.createdAt.description),
          "position": .integer(budget.position),
        ])
      }
    ).appendCanonical(to: &bytes)
    bytes.append(literal: ",\"counters\":")
    appendCounters(to: &bytes)
    bytes.append(literal: ",\"crossings\":")
    JSON.object(Dictionary(uniqueKeysWithValues: crossings.merged.map { (ExactText($0), .integer($1)) }))
      .appendCanonical(to: &bytes)
    bytes.append(literal: ",\"late\":")
    bytes.appendList(late.merged) { $0.append(to: &$1) }
    bytes.append(literal: ",\"open\":")
    let open = open.committedEntries
    // By their places: to move a reservation about is to count its references up and down.
    bytes.appendList(ByteOrder.places(of: open.lazy.map(\.key))) { open[$0].value.append(to: &$1) }
    if let day = committedPrunedDay {
      bytes.append(literal: ",\"pruned_day\":")
      JSONWriter.appendInteger(Int64(day), to: &bytes)
    }
    bytes.append(literal: ",\"rates\":")
    appendRates(to: &bytes)
    bytes.append(literal: "}")
  }

  private func appendCounters(to bytes: inout [UInt8]) {
    let counters = counters.committedEntries
    // By budget, then by window.
    let groups = counters.map { (Int64($0.key.budget) << 32) + Int64($0.key.window) }
    let order = ByteOrder.places(of: counters.lazy.map(\.key.key.string), in: groups)
    bytes.appendList(order) { place, bytes in
      let (key, counter) = counters[place]
      bytes.append(literal: "[")
      bytes.appendInteger(key.budget, before: ",")
      bytes.appendInteger(key.window, before: ",")
      JSONWriter.appendString(key.key.string, to: &bytes)
      for amount in [counter.spent, counter.reserved, counter.overrun, counter.unreserved] {
        bytes.append(literal: ",")
        bytes.appendAmount(amount)
      }
      bytes.append(literal: ",")
      bytes.appendInteger(counter.calls, before: ",")
      bytes.appendInteger(counter.unknown, before: ",")
      bytes.appendList(counter.crossed) { $1.appendAmount($0) }
      bytes.append(literal: "]")
    }
  }

  private func appendRates(to bytes: inout [UInt8]) {
    let rates = rates.committedEntries
    let order = ByteOrder.places(of: rates.lazy.map(\.key.key.string), in: rates.map { Int64($0.key.budget) })
    bytes.appendList(order) { place, bytes in
      let (key, rate) = rates[place]
      bytes.append(literal: "[")
      bytes.appendInteger(key.budget, before: ",")
      JSONWriter.appendString(key.key.string, to: &bytes)
      bytes.append(literal: ",")
      bytes.appendInteger(rate.minute, before: ",")
      bytes.appendInteger(rate.tokens, before: ",")
      bytes.appendInteger(rate.before, before: "]")
    }
  }

  init(_ reader: SnapshotReader) throws(SnapshotFault) {
    let budgets = try reader.list("budgets") { reader throws(SnapshotFault) in
      (reader.json["configuration"] ?? .null, try reader.integer("position"), try reader.moment("created_at"))
    }
    var table = BudgetTable()
    for (number, (data, position, createdAt)) in budgets.enumerated() {
      guard let budget = Budget(data, number: Int32(number), position: position, createdAt: createdAt) else {
        throw SnapshotReader.fault("budgets")
      }
      table.put(budget)
    }
    var counters: [CounterKey: SpendCounter] = [:]
    for element in reader.json["counters"]?.elements ?? [] {
      let (key, counter) = try Self.counter(SnapshotRow("counters", element), budgets.count)
      counters[key] = counter
    }
    var rates: [RateKey: TokenRate] = [:]
    for element in reader.json["rates"]?.elements ?? [] {
      let row = SnapshotRow("rates", element)
      rates[RateKey(budget: try row.number(0, below: budgets.count), key: try row.text(1))] = TokenRate(
        minute: try row.number(2), tokens: try row.integer(3), before: try row.integer(4))
    }
    var crossings: [String: Int64] = [:]
    for (budget, sequence) in reader.json["crossings"]?.members ?? [:] {
      crossings[budget.string] = sequence.integer
    }
    let open = try Self.reservations("open", reader, budgets.count)
    let late = try Self.reservations("late", reader, budgets.count)
    self.init(
      table: table, counters: counters, rates: rates, open: open, late: late, crossings: crossings,
      prunedDay: reader.json["pruned_day"]?.integer.map { Int($0) })
  }

  private static func counter(
    _ row: SnapshotRow, _ budgets: Int
  ) throws(SnapshotFault) -> (CounterKey, SpendCounter) {
    var counter = SpendCounter()
    counter.spent = try row.amount(3)
    counter.reserved = try row.amount(4)
    counter.overrun = try row.amount(5)
    counter.unreserved = try row.amount(6)
    counter.calls = try row.integer(7)
    counter.unknown = try row.integer(8)
    counter.crossed = (try row.row(9)).compactMap { $0.string.flatMap { Amount($0) } }
    return (
      CounterKey(budget: try row.number(0, below: budgets), window: try row.number(1), key: try row.text(2)), counter
    )
  }

  private static func reservations(
    _ member: String, _ reader: SnapshotReader, _ budgets: Int
  ) throws(SnapshotFault) -> [Reservation] {
    var reservations: [Reservation] = []
    for element in reader.json[member]?.elements ?? [] {
      let row = SnapshotRow(member, element)
      var lines: [Reservation.Line] = []
      for line in try row.row(4) {
        let line = SnapshotRow(member, line)
        guard let window = BudgetWindow(try line.text(2).string) else { throw SnapshotReader.fault(member) }
        lines.append(
          Reservation.Line(
            budget: try line.number(0, below: budgets), key: try line.text(1), window: window,
            amount: try line.amount(3), tokens: try line.integer(4)))
      }
      reservations.append(
        Reservation(
          decision: try row.text(0).string, owner: try row.text(1).string,
          decidedAt: Timestamp(microseconds: try row.integer(2)),
          expiresAt: Timestamp(microseconds: try row.integer(3)), lines: lines))
    }
    return reservations
  }
}

extension Reservation {
  fileprivate func append(to bytes: inout [UInt8]) {
    bytes.append(literal: "[")
    JSONWriter.appendString(decision, to: &bytes)
    bytes.append(literal: ",")
    JSONWriter.appendString(owner, to: &bytes)
    bytes.append(literal: ",")
    bytes.appendInteger(decidedAt.microseconds, before: ",")
    bytes.appendInteger(expiresAt.microseconds, before: ",")
    bytes.appendList(lines) { line, bytes in
      bytes.append(literal: "[")
      bytes.appendInteger(line.budget, before: ",")
      JSONWriter.appendString(line.key.string, to: &bytes)
      bytes.append(literal: ",\"")
      line.window.append(to: &bytes)
      bytes.append(literal: "\",")
      bytes.appendAmount(line.amount)
      bytes.append(literal: ",")
      bytes.appendInteger(line.tokens, before: "]")
    }
    bytes.append(literal: "]")
  }
}

extension [UInt8] {
  fileprivate mutating func appendAmount(_ amount: Amount) {
    append(UInt8(ascii: "\""))
    amount.append(to: &self)
    append(UInt8(ascii: "\""))
  }

  fileprivate mutating func appendInteger(_ value: some BinaryInteger, before next: Unicode.Scalar) {
    JSONWriter.appendInteger(Int64(value), to: &self)
    append(UInt8(ascii: next))
  }

  fileprivate mutating func appendList<Item>(
    _ items: some Collection<Item>, _ write: (Item, inout [UInt8]) -> Void
  ) {
    append(UInt8(ascii: "["))
    var isFirst = true
    for item in items {
      if !isFirst { append(UInt8(ascii: ",")) }
      isFirst = false
      write(item, &self)
    }
    append(UInt8(ascii: "]"))
  }
}

/// One list of values of a snapshot.
private struct SnapshotRow {
  let member: String
  let values: [JSON]

  init(_ member: String, _ json: JSON) {
    self.member = member
    values = json.elements ?? []
  }

  private func value<Value>(_ index: Int, _ read: (JSON) -> Value?) throws(SnapshotFault) -> Value {
    guard index < values.count, let value = read(values[index]) else { throw SnapshotReader.fault(member) }
    return value
  }

  func text(_ index: Int) throws(SnapshotFault) -> ExactText { ExactText(try value(index, \.string)) }
  func integer(_ index: Int) throws(SnapshotFault) -> Int64 { try value(index, \.integer) }
  func amount(_ index: Int) throws(SnapshotFault) -> Amount {
    try value(index) { $0.string.flatMap { Amount($0) } }
  }
  func row(_ index: Int) throws(SnapshotFault) -> [JSON] { try value(index, \.elements) }
  func number(_ index: Int, below limit: Int? = nil) throws(SnapshotFault) -> Int32 {
    let value = try integer(index)
    guard let number = Int32(exactly: value), limit.map({ value >= 0 && value < $0 }) ?? true else {
      throw SnapshotReader.fault(member)
    }
    return number
  }
}

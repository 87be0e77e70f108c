import Domain

extension BudgetRegister {
  /// Everything that is committed, in an order that is the same everywhere.
  ///
  /// Counters and reservations are lists of values without names: there may be very many of them.
  var snapshot: JSON {
    let counted = counters.merged.sorted { left, right in
      (left.key.budget, left.key.window) != (right.key.budget, right.key.window)
        ? (left.key.budget, left.key.window) < (right.key.budget, right.key.window) : left.key.key < right.key.key
    }
    let rated = rates.merged.sorted { left, right in
      left.key.budget != right.key.budget ? left.key.budget < right.key.budget : left.key.key < right.key.key
    }
    return .object([
      "budgets": .array(
        mergedBudgets.map { budget in
          .object([
            "configuration": budget.json, "position": .integer(budget.position),
            "created_at": .text(budget.createdAt.description),
          ])
        }),
      "counters": .array(
        counted.map { key, counter in
          .array([
            .integer(Int64(key.budget)), .integer(Int64(key.window)), .string(key.key), .amount(counter.spent),
            .amount(counter.reserved), .amount(counter.overrun), .amount(counter.unreserved), .integer(counter.calls),
            .integer(counter.unknown), .array(counter.crossed.map(JSON.amount)),
          ])
        }),
      "rates": .array(
        rated.map { key, rate in
          .array([
            .integer(Int64(key.budget)), .string(key.key), .integer(Int64(rate.minute)), .integer(rate.tokens),
            .integer(rate.before),
          ])
        }),
      "open": .array(
        open.merged.values.sorted { ExactText($0.decision) < ExactText($1.decision) }.map(\.snapshot)),
      "late": .array(late.merged.map(\.snapshot)),
      "crossings": .object(
        Dictionary(uniqueKeysWithValues: crossings.merged.map { (ExactText($0), .integer($1)) })),
      "pruned_day": committedPrunedDay.map { .integer(Int64($0)) },
    ])
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
  fileprivate var snapshot: JSON {
    .array([
      .text(decision), .text(owner), .integer(decidedAt.microseconds), .integer(expiresAt.microseconds),
      .array(
        lines.map { line in
          .array([
            .integer(Int64(line.budget)), .string(line.key), .text(line.window.description), .amount(line.amount),
            .integer(line.tokens),
          ])
        }),
    ])
  }
}

extension JSON {
  fileprivate static func amount(_ amount: Amount) -> JSON { .text(amount.description) }
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

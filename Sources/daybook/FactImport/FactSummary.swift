import Domain

/// What a file comes to.
struct FactSummary {
  private(set) var events = 0
  private(set) var sums = MoneyBag()
  private(set) var overflows = false
  /// The first ones, to look at.
  private(set) var first: [ImportedFact] = []

  mutating func add(_ fact: ImportedFact) {
    events += 1
    if first.count < 5 { first.append(fact) }
    let amounts =
      fact.data["lines"]?.elements?.compactMap { $0["cost"] }
      ?? [fact.data["cost"] ?? fact.data["revenue"]].compactMap { $0 }
    for amount in amounts {
      guard let money = Money(amount) else { continue }
      do { try sums.add(money) } catch { overflows = true }
    }
  }

  /// Says how many and how much; with a dry run the first events, too.
  func show(_ invocation: Invocation, _ title: String) {
    guard invocation.format == .table else {
      let totals = JSON.array(sums.totals.map(\.json))
      let object = JSON.object([
        "events": .integer(Int64(events)), "totals": totals,
        "first": .array(first.map { .object(["id": .text($0.id), "subject": .text($0.subject), "data": $0.data]) }),
      ])
      guard let view = try? JSONDocument(object.canonical, limits: JSONLimits(bytes: 1 << 20)).root else { return }
      return Console.write(Array(RowWriter(format: invocation.format).text(view).utf8))
    }
    Console.print(title)
    for total in sums.totals { Console.print("  \(total)") }
    if overflows { Console.print("  (a sum does not fit)") }
    guard invocation.has("--dry-run") else { return }
    for fact in first {
      let data = DisplayWidth.harmless(String(decoding: fact.data.canonical, as: UTF8.self))
      Console.print("line \(fact.line): \(fact.subject) \(data)")
    }
    if events > first.count { Console.print("… and \(events - first.count) more") }
  }
}

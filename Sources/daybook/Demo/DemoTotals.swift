import Domain

/// What the demo's day cost, from the book.
enum DemoTotals {
  /// A table by operation with a last row for all, and a heading.
  static func text(_ answer: JSONView, day: String) throws -> String {
    let rows = answer["rows"]?.elements ?? []
    let names = ["operation", "calls", "input_tokens", "output_tokens", "cost", "currency"]
    var cells = rows.map { row in names.map { Cell(row[$0]) } }
    var counts = Array(repeating: Int64(0), count: 3)
    var cost = Amount.zero
    for row in rows {
      for (index, name) in names[1...3].enumerated() { counts[index] += row[name]?.integer ?? 0 }
      if let amount = row["cost"]?.string.flatMap({ Amount($0) }) { cost = try cost.adding(amount) }
    }
    // One sum for one currency: amounts of several are never added.
    if Set(rows.map { $0["currency"]?.string }).count == 1, let currency = rows.first?["currency"] {
      cells.append(
        [Cell("together")] + counts.map { Cell($0) } + [Cell(cost.description, isNumber: true), Cell(currency)])
    }
    let table = Table(columns: names, rows: cells).lines(width: nil).map { "  \($0)" }
    return (["  daily_spend on \(day):", ""] + table).joined(separator: "\n")
  }
}

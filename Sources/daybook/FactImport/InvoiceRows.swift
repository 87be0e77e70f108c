import Domain

/// Invoices that are being put together from the rows of a file.
struct InvoiceRows {
  /// An invoice.
  struct Invoice {
    var id: String
    /// The first of its lines in the file.
    var line: Int64
    var members: [ExactText: JSON]
    var lines: [Line] = []
    var places: [LineKey: Int] = [:]
    var faults: [String] = []

    var data: JSON {
      var members = members
      members["lines"] = .array(lines.map(\.json))
      return .object(members)
    }
  }

  /// What lines that are added up have in common.
  struct LineKey: Hashable {
    var texts: [ExactText?]
  }

  struct Line {
    var members: [ExactText: JSON]
    var quantity: Amount?
    var cost: Money

    var json: JSON {
      var members = members
      members["quantity"] = quantity.map { .text($0.description) }
      members["cost"] = cost.json
      return .object(members)
    }
  }

  /// The bound of `invoice.received`.
  static let mostLines = 500
  /// True for FOCUS files, which have a row for each charge, not for each line of the invoice.
  let addsUp: Bool
  private var invoices: [ExactText: Invoice] = [:]
  private var order: [ExactText] = []

  init(addsUp: Bool) { self.addsUp = addsUp }

  /// In the order in which they begin.
  var facts: [Invoice] { order.compactMap { invoices[$0] } }

  /// Adds a row to its invoice.
  mutating func add(_ row: inout FactRow) {
    guard let id = row["id"]?.string else { return row.fault("no invoice is named (id)") }
    guard let amount = row["line.cost.amount"]?.string.flatMap({ Amount($0) }) else {
      if row.faults.isEmpty { row.fault("the line has no cost (line.cost.amount)") }
      return
    }
    guard let currency = row["line.cost.currency"]?.string.flatMap({ Currency($0) }) else {
      return row.fault("line.cost.currency is no code of ISO 4217")
    }
    var members: [ExactText: JSON] = [:]
    for target in ["provider", "period_start", "period_end", "number", "issued_at"] {
      members[ExactText(target)] = row[target]
    }
    for target in ["provider", "period_start", "period_end"] where members[ExactText(target)] == nil {
      row.fault("\(target) is missing")
    }
    guard row.faults.isEmpty else { return }
    var line = Line(
      members: [:], quantity: row["line.quantity"]?.string.flatMap { Amount($0) }, cost: Money(amount, currency))
    for target in ["model", "sku", "unit"] { line.members[ExactText(target)] = row["line." + target] }
    let key = ExactText(id)
    if invoices[key] == nil {
      invoices[key] = Invoice(id: id, line: row.line, members: members)
      order.append(key)
    }
    guard invoices[key]?.members == members else {
      return row.fault(
        "the invoice \(id) had another provider, period, number or date on line \(invoices[key]?.line ?? 0)")
    }
    invoices[key]?.add(line, addsUp: addsUp)
  }
}

extension InvoiceRows.Invoice {
  fileprivate mutating func add(_ line: InvoiceRows.Line, addsUp: Bool) {
    let key = InvoiceRows.LineKey(
      texts: ["model", "sku", "unit"].map { line.members[$0]?.exactText } + [ExactText(line.cost.currency.code)])
    if addsUp, let place = places[key] {
      guard let cost = try? lines[place].cost.adding(line.cost) else {
        return faults.append("the sum of an article does not fit")
      }
      lines[place].cost = cost
      lines[place].quantity = lines[place].quantity.flatMap { sum in
        line.quantity.flatMap { try? sum.adding($0) }
      }
      return
    }
    guard lines.count < InvoiceRows.mostLines else {
      if faults.isEmpty { faults.append("the invoice \(id) has more than \(InvoiceRows.mostLines) lines") }
      return
    }
    places[key] = lines.count
    lines.append(line)
  }
}

extension JSON {
  fileprivate var exactText: ExactText? { string.map { ExactText($0) } }
}

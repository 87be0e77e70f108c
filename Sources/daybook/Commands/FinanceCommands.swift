import DaybookClient
import Domain

/// Commands of finance besides closing: corrections, invoices, rates.
enum FinanceCommands {
  static let all: [CommandDescription] = [restate, addInvoice, InvoiceComparison.description, setRate, listRates]

  private static let restate = CommandDescription(
    path: ["restate"], summary: "Restate what a completion or a cost cost",
    discussion: """
      For when a provider changes what it billed. Nothing is overwritten: the books take back what was booked and book the new
      cost, on the entry's day, or on the first open one where its month is closed. Restatements chain. Needs the role
      finance.
      """,
    operands: [OperandDescription(name: "POSITION", help: "The entry's position.")],
    options: [
      .value("--cost", "AMOUNT", "The whole new cost, such as 0.0125; below zero for a credit."),
      .value("--currency", "CODE", "ISO 4217.", usual: "USD"),
      .value("--reason", "TEXT", "Why."),
      .value("--invoice", "NAME", "The invoice that says so."),
    ] + CommonOptions.command,
    examples: [("daybook restate 4711 --cost 0.0125 --reason 'credit note 88'", "Entry 4711 cost 0.0125 USD")]
  ) { invocation in
    let position = try EventCommands.positive(invocation.operand(0), "POSITION", invocation)
    let cost = JSON.object([
      "amount": .text(try invocation.required("--cost")), "currency": .text(invocation["--currency"] ?? "USD"),
    ])
    return try await CommandAnswer.post(
      invocation, "restatements",
      .object([
        "position": .integer(position), "cost": cost, "reason": .text(try invocation.required("--reason")),
        "invoice": invocation["--invoice"].map { .text($0) },
      ]))
  }

  private static let addInvoice = CommandDescription(
    path: ["invoices", "add"], summary: "Record an invoice of a provider",
    discussion: """
      FILE holds one JSON object: {"provider", "number"?, "issued_at"?, "period_start", "period_end", "lines": [{"model"?,
      "sku"?, "quantity"?, "unit"?, "cost": {"amount", "currency"}}]}, 500 lines at most; the period is half-open. Books
      match it with what the calls cost. Recording the same invoice again changes nothing. Needs the role finance or importer.
      """,
    operands: [OperandDescription(name: "FILE", help: "The invoice.")],
    options: [
      .value("--id", "ID", "The invoice's id in the ledger.", usual: "its number"),
      .value("--source", "SOURCE", "Who says so.", usual: "/daybook/cli"),
    ] + CommonOptions.service,
    examples: [("daybook invoices add deepseek-2026-10.json --id deepseek-2026-10", "An invoice for October")]
  ) { invocation in
    let file = invocation.operand(0) ?? ""
    let text = try TextFile.read(file, invocation.command)
    guard let data = try? JSON(parsing: Array(text.utf8)), case .object = data else {
      throw UsageError("\(file) is no JSON object without floating-point numbers", invocation.command)
    }
    guard let id = invocation["--id"] ?? data["number"]?.string else {
      throw UsageError("the invoice has no number: give --id", invocation.command)
    }
    let event = JSON.object([
      "specversion": .text("1.0"), "id": .text("invoice-\(id)"),
      "source": .text(invocation["--source"] ?? "/daybook/cli"), "type": .text("invoice.received"),
      "subject": .text("invoice/\(id)"), "datacontenttype": .text("application/json"), "data": data,
    ])
    let answer = try await invocation.service().send(
      "POST", "events", body: event.canonical, contentType: "application/cloudevents+json")
    let root = try answer.json()
    guard invocation.format == .table, let receipt = root["events"]?.elements.first else {
      Console.write(Array(invocation.rows.text(root["events"]?.elements ?? [], columns: nil, whole: root).utf8))
      return .done
    }
    let again = receipt["duplicate"]?.boolean == true ? ", there already" : ""
    Console.print("1 invoice at position \(receipt["position"]?.integer ?? 0)\(again).")
    return .done
  }

  private static let setRate = CommandDescription(
    path: ["rates", "set"], summary: "List a rate of exchange from a day on",
    discussion: """
      1 BASE is RATE of QUOTE. Books that show a reporting currency use the last rate that holds on a day; no rate is unknown,
      never 1. Where the day lies in a closed month it holds from the first open day on. Needs the role finance.
      """,
    operands: [
      OperandDescription(name: "BASE", help: "The currency whose price it is, such as EUR."),
      OperandDescription(name: "QUOTE", help: "The currency that it is priced in, such as USD."),
      OperandDescription(name: "RATE", help: "Decimal, such as 1.0842."),
    ],
    options: [
      .value("--valid-from", "TIME", "From when it holds, RFC 3339.", usual: "now, by this machine's clock"),
      .value("--note", "TEXT", "For people, such as where it was read."),
    ] + CommonOptions.command,
    examples: [("daybook rates set EUR USD 1.0842 --valid-from 2026-10-01T00:00:00Z", "From October on")]
  ) { invocation in
    try await CommandAnswer.post(
      invocation, "rates",
      .object([
        "base": .text(invocation.operand(0) ?? ""), "quote": .text(invocation.operand(1) ?? ""),
        "rate": .text(invocation.operand(2) ?? ""),
        "valid_from": .text(invocation["--valid-from"] ?? Timestamp.now().description),
        "note": invocation["--note"].map { .text($0) },
      ]))
  }

  private static let listRates = CommandDescription(
    path: ["rates", "list"], summary: "Show the rates of exchange, in the order in which they were listed",
    options: CommonOptions.service
  ) { invocation in
    let daybook = try invocation.service()
    var records: [JSONView] = []
    var after: Int64? = 0
    while let start = after {
      let page = try await daybook.send(
        "GET", "events",
        query: [(name: "type", value: "rate.listed"), (name: "after", value: String(start))]
      ).json()
      records += page["records"]?.elements ?? []
      after = page["next"]?.integer
    }
    let columns: [RowWriter.Column] =
      ["base", "quote", "rate"].map { .init($0, at: ["event", "data", $0]) }
      + [
        .init("valid_from", at: ["derived", "valid_from"]), .init("position", at: ["event", "position"]),
        .init("note", at: ["event", "data", "note"]),
      ]
    Console.write(Array(invocation.rows.text(records, columns: columns, ifNone: "no rates").utf8))
    return .done
  }
}

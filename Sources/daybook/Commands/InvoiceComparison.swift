import DaybookClient
import Domain

/// `daybook invoices compare`: what invoices and books do not agree on, and the record of it.
enum InvoiceComparison {
  static let description = CommandDescription(
    path: ["invoices", "compare"], summary: "Compare invoices with what is booked, and record the differences",
    discussion: """
      Shows what `daybook query reconciliation differences` shows; exit code 1 where there is something. With
      --record each difference is recorded as reconciliation.differed, with the position that the book reflected
      and what was tolerated: it counts in daybook_reconciliation_differences_total, and stands beside the finding
      from then on. One that was recorded with the same amount is not recorded again, so it may be run every day.
      Where no cost is known there is no difference, and what is billed twice shows in the difference of its model.
      Needs the role finance.
      """,
    options: [
      .value("--from", "DAY", "Only periods that end on this day or later."),
      .value("--to", "DAY", "Only periods that start on this day or earlier."),
      .value("--provider", "NAME", "Only this provider.", isRepeatable: true),
      .value("--invoice", "ID", "Only this invoice.", isRepeatable: true),
      .value("--level", "LEVEL", "By model, or all together.", usual: "model", allowed: ["model", "provider"]),
      .value("--tolerance", "AMOUNT", "What is tolerated, in whatever currency.", usual: "0.01"),
      .value("--tolerance-share", "SHARE", "Or as a share of what is booked.", usual: "0.005"),
      .flag("--record", "Records each difference."),
    ] + CommonOptions.service,
    examples: [
      ("daybook invoices compare --from 2026-10-01 --to 2026-10-31", "What October's invoices get wrong"),
      ("daybook invoices compare --record", "Put on record what was not yet"),
    ]
  ) { try await run($0) }

  private static func run(_ invocation: Invocation) async throws -> ExitCode {
    let daybook = try invocation.service()
    let tolerance = invocation["--tolerance"] ?? "0.01"
    let share = invocation["--tolerance-share"] ?? "0.005"
    var query = [(name: "tolerance", value: tolerance), (name: "tolerance_share", value: share)]
    query.append((name: "level", value: invocation["--level"] ?? "model"))
    for name in ["from", "to", "provider", "invoice"] {
      query += invocation.all("--\(name)").map { (name: name, value: $0) }
    }
    let root = try await daybook.send("GET", "books/reconciliation/differences", query: query).json()
    let rows = root["rows"]?.elements ?? []
    let (columns, _) = invocation.format == .table ? RowWriter.telling(rows) : (nil, [])
    Console.write(Array(invocation.rows.text(rows, columns: columns, whole: root, ifNone: "no differences").utf8))
    let outcome: ExitCode = rows.isEmpty ? .done : .failed
    guard invocation.has("--record"), let position = root["position"]?.integer else { return outcome }
    var recorded: [Int64] = []
    var known = 0
    for row in rows {
      guard let body = body(row, position, tolerance, share, invocation["--level"] ?? "model") else { continue }
      if row["recorded_difference"]?.string == row["difference"]?.string {
        known += 1
        continue
      }
      let answer = try await daybook.send("POST", "reconciliations", json: body).json()
      recorded += (answer["events"]?.elements ?? []).compactMap { $0["position"]?.integer }
    }
    let places = recorded.isEmpty ? "" : " at " + recorded.map(String.init).joined(separator: ", ")
    let others = rows.count - recorded.count - known
    Console.tell(
      "\(recorded.count) recorded\(places), \(known) on record already, \(others) without an amount of its own")
    return outcome
  }

  /// The command for a row of the book; nil where it has no difference that is known.
  private static func body(
    _ row: JSONView, _ position: Int64, _ tolerance: String, _ share: String, _ level: String
  ) -> JSON? {
    // A model that is not named stands for all of the provider's: lines that name none are not all of them.
    guard let difference = row["difference"]?.string, let currency = row["currency"]?.string, currency != "XXX",
      row["finding"]?.string != "calls_without_cost", level == "provider" || row["model"]?.string != nil
    else { return nil }
    func money(_ amount: String?) -> JSON {
      .object(["amount": .text(amount ?? "0"), "currency": .text(currency)])
    }
    return .object([
      "invoice": row["invoice"].map { JSON($0) }, "provider": row["provider"].map { JSON($0) },
      "period": .object([
        "from": row["period_from"].map { JSON($0) }, "through": row["period_through"].map { JSON($0) },
      ]), "model": row["model"]?.string.map { .text($0) }, "booked": money(row["booked"]?.string),
      "invoiced": money(row["invoiced"]?.string), "difference": money(difference),
      "tolerance": .object(["amount": money(tolerance), "share": .text(share)]), "position": .integer(position),
    ])
  }
}

import DaybookClient
import Domain

/// `daybook prices rerate`.
enum RerateCommand {
  static let all: [CommandDescription] = [propose, show]

  private static let propose = CommandDescription(
    path: ["prices", "rerate"], summary: "Cost past calls by the prices known now",
    discussion: """
      For prices that were wrong or came late. Shows what would change, by currency and model, and asks another owner; on the
      grant the service writes an adjustment for each call, with the old cost, the new one and the price ids. Nothing is
      overwritten. Calls that were reversed, or restated by a person, are left alone, and so are those that have no price.
      Needs the role finance.
      """,
    options: [
      .value("--model", "NAME", "Only calls that this model served."),
      .value("--provider", "NAME", "Only calls that this provider served."),
      .value("--operation", "NAME", "Only calls of this operation."),
      .value("--from", "DAY", "Only calls posted on this day or later."),
      .value("--to", "DAY", "Only calls posted on this day or earlier."),
      .value("--reason", "TEXT", "Why."),
    ] + ChangeAnswer.options,
    examples: [
      (
        "daybook prices rerate --model o3 --from 2025-06-10 --reason 'price cut came a day late'",
        "Every call of a model from a day on"
      )
    ]
  ) { invocation in
    var body: [ExactText: JSON] = ["reason": .text(try invocation.required("--reason"))]
    for member in ["model", "provider", "operation", "from", "to"] {
      if let value = invocation["--\(member)"] { body[ExactText(member)] = .text(value) }
    }
    return try await ChangeAnswer.send(invocation, "POST", "rerates", .object(body)) { root in
      root["proposal"].map(text)
    }
  }

  private static let show = CommandDescription(
    path: ["prices", "rerates"], summary: "Show the re-ratings that are under way",
    options: CommonOptions.service
  ) { invocation in
    try await CommandAnswer.list(
      invocation, "rerates", member: "rerates",
      columns: ["rerate", "calls", "adjusted", "position", "approved_at"].map { .init($0) }, ifNone: "none under way")
  }

  /// The totals, and the models with the largest differences.
  private static func text(_ proposal: JSONView) -> String {
    let calls = proposal["calls"]?.integer ?? 0
    let examined = proposal["examined"]?.integer ?? 0
    let priced = proposal["priced"]?.integer ?? 0
    var lines = ["\(calls) of \(Count(examined, "call")) cost something else; \(priced) of them had no cost before."]
    let rows =
      (proposal["totals"]?.elements ?? []).map { ("all", $0) }
      + (proposal["models"]?.elements ?? []).prefix(20).map { ($0["model"]?.string ?? "", $0) }
    let table = Table(
      columns: ["model", "currency", "calls", "before", "after"],
      rows: rows.map { name, row in
        [Cell(name), Cell(row["currency"]), Cell(row["calls"]), Cell(row["before"]), Cell(row["after"])]
      })
    lines += table.lines(width: Console.width)
    return lines.joined(separator: "\n")
  }
}

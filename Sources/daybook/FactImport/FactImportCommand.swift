import Domain

/// `daybook facts import`.
enum FactImportCommand {
  static let all = [description]
  private static let types = ["cost.incurred", "revenue.earned", "invoice.received"]

  static let description = CommandDescription(
    path: ["facts", "import"], summary: "Append costs, revenue or invoices from a CSV file",
    discussion: """
      FILE has a line of column names. --map says which column gives which member, --set gives one value to all
      rows, --mapping reads both from a JSON file: {"map": {"cost.amount": "Amount"}, "set": {…}, "zone": …,
      "date_format": …, "decimal": …, "end_included": true}. Members:

        cost.incurred     category, cost.amount, cost.currency, period_start, period_end, description, provider,
                          model, strategy, invoice; without period_end the cost is one day's
        revenue.earned    revenue.amount, revenue.currency, strategy, earned_at, source_attribution, model,
                          operation, goal, customer
        invoice.received  id, provider, period_start, period_end, number, issued_at, line.model, line.sku,
                          line.quantity, line.unit, line.cost.amount, line.cost.currency; rows with one id are
                          lines of one invoice. --focus reads them from a FOCUS Cost and Usage file

      The whole file is read before anything is sent; everything that is wrong is told at once, with its line.
      An event's id is made of its line, the type and the source, so importing a file twice changes nothing; the
      second of two equal lines is another event. Where a column gives the id, the same id with other content is
      refused. Events carry no time of their own: books post them by their periods and dates.
      """,
    operands: [OperandDescription(name: "FILE", help: "The CSV file.")],
    options: [
      .value("--type", "TYPE", "What the file holds.", allowed: types),
      .value("--map", "MEMBER=COLUMN", "A member and the column that gives it.", isRepeatable: true),
      .value("--set", "MEMBER=VALUE", "A member and the value that all rows have.", isRepeatable: true),
      .value("--mapping", "FILE", "The same from a JSON file; the options win over it."),
      .flag("--focus", "FILE is a FOCUS Cost and Usage dataset, of any version."),
      .value("--separator", "CHARACTER", "Between fields: a comma, a semicolon, or tab.", usual: ","),
      .value("--decimal", "MARK", "The decimal mark, . or a comma; the other one may group digits.", usual: "."),
      .value(
        "--date-format", "FORMAT", "Of dates and times, such as DD.MM.YYYY or MM/DD/YYYY hh:mm:ss.",
        usual: "RFC 3339, or YYYY-MM-DD"),
      .value("--zone", "NAME", "The time zone of dates and times without an offset.", usual: "UTC"),
      .flag("--end-included", "A date in period_end is the last day of the period, not the first behind it."),
      .flag("--round", "Rounds amounts of more than twelve decimal places, half-even, instead of refusing them."),
      .value("--source", "SOURCE", "The source that the events have.", usual: "/import/csv"),
      .value("--batch", "N", "Events of a request, 1 to 10000.", usual: "500"),
      .flag("--dry-run", "Reads and checks the file, shows what would be appended, and appends nothing."),
    ] + CommonOptions.service,
    examples: [
      ("daybook facts import vms.csv --type cost.incurred --mapping vms.json --dry-run", "What a file would append"),
      (
        "daybook facts import vms.csv --type cost.incurred --mapping vms.json --map cost.amount=Total",
        "One column is called otherwise this time"
      ),
      ("daybook facts import focus.csv --type invoice.received --focus", "A provider's invoices from its FOCUS file"),
    ]
  ) { try await run($0) }

  private static func run(_ invocation: Invocation) async throws -> ExitCode {
    let file = try FactFile(invocation)
    var check = FactSummary()
    let faults = try await file.check(&check, invocation)
    guard faults.count == 0 else {
      for line in faults.told { Console.tell(line) }
      if faults.count > faults.told.count { Console.tell("… and \(faults.count - faults.told.count) more") }
      throw CheckFailure(
        "\(Count(faults.count, "fault")) in \(file.name); nothing was appended")
    }
    if invocation.has("--dry-run") {
      check.show(invocation, "\(file.name): \(Count(check.events, "event")), not appended")
      return .done
    }
    try await FactSending(file, total: check.events, invocation).run(check)
    return .done
  }
}

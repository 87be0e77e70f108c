import Domain

/// `daybook prices import`.
enum PriceImportCommand {
  static let description = CommandDescription(
    path: ["prices", "import"], summary: "Compare a public price table with the ledger, and list what is new",
    discussion: """
      FILE is the LiteLLM project's model_prices_and_context_window.json, plain or compressed with zstd; every price is taken
      exactly from its text. Without --apply nothing is changed: the difference is shown. With it, what is new passes, and so
      do changes of less than 10 times; changes of 10 times or more, up or down, are proposed and wait for a second human, and
      so does all that is new from a provider most of whose models cost 10 times as much or as little as everywhere else: that
      is how errors of units look. What the ledger has is skipped, so an import may be given again at any time. Models that
      the table no longer has keep their prices.
      """,
    operands: [OperandDescription(name: "FILE", help: "The table.")],
    options: [
      .flag("--apply", "Lists what passes and asks for approvals of what is held."),
      .value(
        "--valid-from", "TIME", "From when the prices hold, RFC 3339.",
        usual: "the start of the day, in UTC, that the table says it was updated on"),
      .value("--currency", "CODE", "ISO 4217, of every price of the table.", usual: "USD"),
      .value(
        "--provider-map", "TABLE=NAME",
        "Calls name the table's provider TABLE by NAME, such as bedrock_converse=aws.",
        isRepeatable: true),
      .flag("--all", "Shows what is new or removed line by line, too."),
    ] + CommonOptions.service,
    examples: [
      ("daybook prices import model_prices.json", "What it would change"),
      ("daybook prices import model_prices.json --apply", "List what passes, propose what is held"),
    ],
    run: run)

  private static func run(_ invocation: Invocation) async throws -> ExitCode {
    let file = try PriceTableFile(invocation)
    let daybook = try invocation.service()
    let work = try await PriceImport(file, daybook, invocation.environment)
    let outcome = invocation.has("--apply") ? try await work.apply() : nil
    let report = PriceImportReport(
      file: file, difference: work.difference, outcome: outcome, showsAll: invocation.has("--all"))
    if invocation.format == .table {
      Console.write(Array(report.text.utf8))
    } else {
      try write(report, invocation)
    }
    return .done
  }

  private static func write(_ report: PriceImportReport, _ invocation: Invocation) throws {
    let root = try JSONDocument(report.json.canonical, limits: JSONLimits(bytes: 64 << 20)).root
    let columns = [
      "what", "model", "provider", "usage_class", "service_tier", "context_above", "price", "per", "line",
    ]
    .map { RowWriter.Column($0) }
    let rows = root["changes"]?.elements ?? []
    Console.write(Array(invocation.rows.text(rows, columns: columns, whole: root).utf8))
  }
}

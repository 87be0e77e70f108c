import Domain
import Foundation
import Testing

@testable import daybook

/// The real trace in the hands of finance: a doctored invoice as the README tells it, and journals that two tools confirm.
@Suite struct RealTraceTests {
  private static let tools = ReadmeSession.root.appending(path: "tools").path

  @Test func theReadmesInvoiceIsFoundOutAndHledgerAndBeancountConfirmEveryTotal() async throws {
    let program = try Program()
    try FileManager.default.createSymbolicLink(atPath: program.folder + "/tools", withDestinationPath: Self.tools)
    let up = try await program.up()
    try await follow("The real trace, and an invoice with three mistakes", on: "main", atLeast: 9, program)
    let again = try await shell(program, "daybook invoices compare --record --level model")
    #expect(again.exitCode == 1, "\(again.errors)")
    #expect(
      again.errors.contains("0 recorded, 3 on record already, 1 without an amount of its own"), "\(again.errors)")
    let none = try await shell(program, "daybook invoices compare --record --provider nobody")
    #expect(none.exitCode == 0 && none.output.contains("no differences"), "\(none)")
    let opened = try await shell(program, "daybook ledgers open five", on: "system")
    #expect(opened.exitCode == 0, "\(opened.errors)")
    try await follow("Books that close", on: "five", atLeast: 4, program)
    try await addMoney(program)
    try await program.untilPosted()
    try await confirmJournals(program)
    try await recompute(program)
    #expect(try await program.stop(up) == 0)
  }

  /// Every command of a section of the README prints what the page shows, and tells what the page shows of that.
  private func follow(_ section: String, on ledger: String, atLeast count: Int, _ program: Program) async throws {
    let steps = try ReadmeSession(section: section).steps
    try #require(steps.count >= count)
    for step in steps {
      if step.command.contains("query") || step.command.contains("compare") { try await program.untilPosted(ledger) }
      let done = try await shell(program, step.command, on: ledger)
      // Like diff, `compare` ends with 1 where there is something.
      #expect(done.exitCode == (step.command.contains("compare") ? 1 : 0), "\(step.command): \(done.errors)")
      let shown = ReadmeSession.comparable(step.output)
      let told = ReadmeSession.comparable(done.errors).filter(shown.contains)
      #expect(ReadmeSession.comparable(done.output) + told == shown, "\(step.command)")
    }
  }

  /// Costs over days, for a strategy and for nobody, in two currencies; revenue; and a rate that is listed twice.
  private func addMoney(_ program: Program) async throws {
    let costs = """
      Category,Vendor,From,To,Amount,Currency,Plan,Model
      vm,hetzner,2023-11-01,2023-11-30,100,EUR,,
      vm,hetzner,2023-11-16,2023-11-16,7.77,USD,support,
      api_service,acme,2023-11-10,2023-11-20,0.000000000007,USD,engineering,
      other,acme,2023-11-16,2023-11-17,-3.33,USD,,o3

      """
    let sales =
      "Plan,Day,Sum,Model\nsupport,2023-11-16,40,\nengineering,2023-11-16,25.5,gpt-4.1-mini\nidle,2023-11-16,1,\n"
    for (name, text) in [("costs.csv", costs), ("sales.csv", sales)] {
      try Data(text.utf8).write(to: URL(fileURLWithPath: program.folder + "/" + name))
    }
    for command in [
      """
      daybook facts import costs.csv --type cost.incurred --end-included --map category=Category --map provider=Vendor \
      --map period_start=From --map period_end=To --map cost.amount=Amount --map cost.currency=Currency \
      --map strategy=Plan --map model=Model
      """,
      """
      daybook facts import sales.csv --type revenue.earned --map strategy=Plan --map earned_at=Day \
      --map revenue.amount=Sum --map model=Model --set revenue.currency=USD
      """,
      "daybook rates set EUR USD 1.0855 --valid-from 2023-11-01T00:00:00Z",
      "daybook rates set EUR USD 1.0842 --valid-from 2023-11-01T00:00:00Z",
    ] {
      let done = try await shell(program, command)
      #expect(done.exitCode == 0, "\(command): \(done.errors)")
    }
  }

  /// Both formats of the whole log, as the two tools read them, against totals computed from the records alone.
  private func confirmJournals(_ program: Program) async throws {
    for command in [
      "daybook export --output main.ndjson", "daybook export --format hledger --output main.journal",
      "daybook export --format beancount --output main.beancount", "/usr/bin/bean-check main.beancount",
    ] {
      let done = try await shell(program, command)
      #expect(done.exitCode == 0, "\(command): \(done.errors)\(done.output)")
    }
    let checked = try await shell(
      program, "/usr/bin/python3 tools/check_journals.py main.ndjson main.journal main.beancount")
    #expect(checked.exitCode == 0 && checked.output.hasSuffix(" and 4 rates, 0 differ\n"), "\(checked)")
    // The last rate of a day counts: 100 EUR over 30 days, at 1.0842.
    let valued = try await shell(
      program,
      "hledger -f main.journal balance -X USD -N --flat -e 2023-12-01 Expenses:Operating:vm Liabilities:Accrued:hetzner"
    )
    // 108.42 and 7.77 for the machine of the strategy.
    #expect(valued.output.contains("116.190000000000 USD  Expenses:Operating:vm"), "\(valued)")
    #expect(valued.output.contains("-116.190000000000 USD  Liabilities:Accrued:hetzner"), "\(valued)")
  }

  /// Every book of finance, recomputed with nothing but Python from what the log says.
  private func recompute(_ program: Program) async throws {
    let made = try await shell(
      program, "daybook events --format ndjson > events.ndjson && python3 tools/recompute_books.py events.ndjson")
    #expect(made.exitCode == 0, "\(made.errors)")
    let books = try JSON(parsing: Array(made.output.utf8), limits: JSONLimits(depth: 64, bytes: 64 << 20))
    for (book, words) in [
      ("model_pnl", "model_pnl --group-by day,model"), ("strategy_pnl", "strategy_pnl --group-by day,strategy"),
      ("operation_pnl", "operation_pnl --group-by day,operation"),
      ("trial_balance", "trial_balance --group-by day,account"),
      ("reconciliation", "reconciliation --group-by day,provider,model"),
      ("reconciliation_invoices", "reconciliation invoices"),
      ("exchange_differences", "reconciliation exchange_differences"),
    ] {
      let asked = try await shell(program, "daybook query \(words) --format ndjson")
      let expected = try #require(books[book]?.elements)
      let names = (expected.first?.members ?? [:]).keys
      let found = try asked.lines.map { line in
        let row = try JSON(parsing: Array(line.utf8)).members ?? [:]
        return JSON.object(Dictionary(uniqueKeysWithValues: names.map { ($0, row[$0] ?? .text("missing")) }))
      }
      #expect(Set(found.map(\.canonical)) == Set(expected.map(\.canonical)), "\(book)")
      #expect(found.count == expected.count && !found.isEmpty, "\(book)")
    }
  }

  /// Runs a line as a terminal would, in the program's folder, with `daybook` being the one that was built.
  private func shell(
    _ program: Program, _ line: String, on ledger: String = "main"
  ) async throws -> Program.Outcome {
    let path = URL(fileURLWithPath: Program.executable).deletingLastPathComponent().path
    return try await program.run(
      program: "/bin/bash",
      [
        "-c",
        "set -o pipefail; cd '\(program.folder)' && export DAYBOOK_LEDGER=\(ledger) PATH='\(path)':\"$PATH\"; \(line)",
      ])
  }
}

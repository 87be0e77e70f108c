import Domain
import Foundation
import Testing

@testable import daybook

/// Facts from files, into a real ledger.
@Suite struct FactImportTests {
  private static let costs = """
    Vendor,From,To,Amount,What
    hetzner,01.01.2026,31.01.2026,"1.234,50",vm
    hetzner,01.01.2026,31.01.2026,"1.234,50",vm
    acme,15.01.2026,15.01.2026,"-3,25",other

    """
  private static let options = [
    "--type", "cost.incurred", "--map", "provider=Vendor", "--map", "period_start=From", "--map", "period_end=To",
    "--map", "cost.amount=Amount", "--map", "category=What", "--set", "cost.currency=EUR", "--decimal", ",",
    "--date-format", "DD.MM.YYYY", "--end-included", "--zone", "Europe/Berlin",
  ]

  private func file(_ program: Program, _ name: String, _ text: String) throws -> String {
    let path = program.folder + "/" + name
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  private func run(_ program: Program, _ arguments: [String]) async throws -> Program.Outcome {
    try await program.run(program: Program.executable, ["facts", "import"] + arguments)
  }

  @Test func aFileIsCheckedWholeBeforeAnythingIsSent() async throws {
    let program = try Program()
    let wrong = try file(
      program, "wrong.csv",
      "Vendor,From,To,Amount,What\nh,01.01.2026,31.12.2025,\"1,5\",vm\nh,1.1.26,,\"1.5.2\",car\nh,01.01.2026\n")
    let refused = try await run(program, [wrong, "--dry-run"] + Self.options)
    #expect(refused.exitCode == 1, "\(refused)")
    for told in [
      "line 2: period_end:", "line 3: From (period_start): \"1.1.26\" is no time of the form DD.MM.YYYY",
      "line 3: Amount (cost.amount): \"1.5.2\" is no amount", "line 4: To: the line has only 2 fields",
    ] {
      #expect(refused.errors.contains(told), "\(told)\n\(refused.errors)")
    }
    let good = try file(program, "good.csv", Self.costs)
    let dry = try await run(program, [good, "--dry-run"] + Self.options)
    #expect(dry.exitCode == 0 && dry.output.contains("3 events, not appended"), "\(dry)")
    #expect(dry.output.contains("2465.75 EUR") && dry.output.contains("2025-12-31T23:00:00.000000Z"))
    for usage in [
      ["--map", "cost=Amount"], ["--map", "provider=Nobody"], ["--zone", "Mars/Olympus"], ["--decimal", ";"],
    ] {
      #expect(try await run(program, [good, "--dry-run"] + Self.options + usage).exitCode == 2, "\(usage)")
    }
  }

  @Test func importingTwiceChangesNothingAndTheJournalHasTheSums() async throws {
    let program = try Program()
    let up = try await program.up()
    let costs = try file(program, "costs.csv", Self.costs)
    let first = try await run(program, [costs] + Self.options)
    #expect(first.exitCode == 0 && first.output.contains("3 events appended, 0 there already"), "\(first)")
    let second = try await run(program, [costs, "--batch", "2"] + Self.options)
    #expect(second.exitCode == 0 && second.output.contains("0 events appended, 3 there already"), "\(second)")

    // A mapping file, an id of the file's own, and what changed under an id.
    let mapping = try file(
      program, "sales.json",
      #"{"map":{"id":"Id","revenue.amount":"Sum","strategy":"Plan","earned_at":"Day"},"set":{"revenue.currency":"USD"}}"#
    )
    let sales = try file(
      program, "sales.csv", "Id,Sum,Plan,Day\nr-1,10.5,growth,2026-01-20\nr-2,1,growth,2026-01-21\n")
    let sold = try await run(program, [sales, "--type", "revenue.earned", "--mapping", mapping])
    #expect(sold.exitCode == 0 && sold.output.contains("2 events appended"), "\(sold)")
    let changed = try file(
      program, "changed.csv", "Id,Sum,Plan,Day\nr-1,10.5,growth,2026-01-20\nr-2,2,growth,2026-01-21\n")
    let refused = try await run(program, [changed, "--type", "revenue.earned", "--mapping", mapping])
    #expect(refused.exitCode == 1 && refused.errors.contains("line 3"), "\(refused)")

    try await compare(program)
    #expect(try await program.stop(up) == 0)
  }

  /// The journal and the charges, from the database and from the service, are the same bytes; hledger adds them up.
  private func compare(_ program: Program) async throws {
    let record = try #require(ReadyRecord.read(program.data + "/ready.json"))
    for format in ["hledger", "beancount", "focus"] {
      let (direct, asked) = (program.folder + "/direct", program.folder + "/asked")
      let one = try await program.run("export", "--format", format, "--output", direct)
      let other = try await program.run("export", "--format", format, "--output", asked, "--url", record.url)
      #expect(one.exitCode == 0 && other.exitCode == 0, "\(one.errors)\(other.errors)")
      #expect(Program.text(direct) == Program.text(asked) && !Program.text(direct).isEmpty, "\(format)")
      guard format == "hledger" else { continue }
      let balance = try await program.run(
        program: "/usr/bin/hledger",
        ["-f", direct, "--strict", "balance", "--flat", "-O", "csv", "Expenses:Operating", "Income"])
      #expect(balance.exitCode == 0, "\(balance.errors)")
      #expect(balance.output.contains("2469.000000000000 EUR"), "\(balance.output)")
      #expect(balance.output.contains("-11.500000000000 USD"), "\(balance.output)")
    }
    // Books come after the log: three questions one after the other have one answer only when nothing is left to post.
    try await program.untilPosted()
    let books = program.folder + "/books"
    let all = try await program.run("export", "--format", "csv", "--output", books)
    #expect(all.exitCode == 0, "\(all.errors)")
    let folder = try FileManager.default.contentsOfDirectory(atPath: books)
    #expect(folder.contains("model_pnl.by_model.csv") && folder.contains("daily_spend.by_key.csv"), "\(folder)")
    let one = try await program.run(
      "export", "--format", "csv", "--book", "model_pnl", "--group-by", "day,model", "--from", "2026-01-01")
    let written = try await program.run(
      "export", "--format", "csv", "--book", "model_pnl", "--group-by", "day,model", "--from", "2026-01-01",
      "--output", program.folder + "/pnl.csv")
    #expect(written.exitCode == 0 && Program.text(program.folder + "/pnl.csv") == one.output, "\(written)")
    let queried = try await program.run(
      "query", "model_pnl", "--group-by", "day,model", "--from", "2026-01-01", "--format", "csv")
    #expect(one.exitCode == 0 && one.output == queried.output && one.output.contains("10.5"), "\(one)")
  }

  @Test func invoicesArePutTogetherFromTheirLines() throws {
    let invoice = InvoiceRowsProbe.facts(
      "Id,Who,From,To,Sku,Qty,Cost\nI-1,p,2026-01-01,2026-02-01,in,10,1.5\nI-2,q,2026-01-01,2026-02-01,in,1,1\n"
        + "I-1,p,2026-01-01,2026-02-01,in,5,0.5\nI-1,p,2026-01-01,2026-02-01,out,1,2\n")
    #expect(
      invoice == [
        """
        invoice/I-1 {"lines":[{"cost":{"amount":"2","currency":"USD"},"quantity":"15","sku":"in"},\
        {"cost":{"amount":"2","currency":"USD"},"quantity":"1","sku":"out"}],"period_end":"2026-02-01T00:00:00.000000Z",\
        "period_start":"2026-01-01T00:00:00.000000Z","provider":"p"}
        """,
        """
        invoice/I-2 {"lines":[{"cost":{"amount":"1","currency":"USD"},"quantity":"1","sku":"in"}],\
        "period_end":"2026-02-01T00:00:00.000000Z","period_start":"2026-01-01T00:00:00.000000Z","provider":"q"}
        """,
      ])
  }
}

/// Invoices as a FOCUS file gives them: lines of one article are added up.
enum InvoiceRowsProbe {
  static func facts(_ text: String) -> [String] {
    var rows = InvoiceRows(addsUp: true)
    let lines = text.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    let members = ["id", "provider", "period_start", "period_end", "line.sku", "line.quantity", "line.cost.amount"]
    for (index, fields) in lines.enumerated().dropFirst() {
      let record = CSVRecords.Record(line: Int64(index + 1), source: [], fields: fields)
      let places = FactRow.Places(
        columns: zip(members, fields.indices).map { ($0, $1, $0) }, constants: [("line.cost.currency", "USD")])
      var row = FactRow(record, places, FactValues())
      rows.add(&row)
    }
    return rows.facts.map { "invoice/\($0.id) \(String(decoding: $0.data.canonical, as: UTF8.self))" }
  }
}

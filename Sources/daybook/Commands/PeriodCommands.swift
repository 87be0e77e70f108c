import DaybookClient
import Domain
import Postgres
import Projections

/// Commands that close months.
enum PeriodCommands {
  static let all: [CommandDescription] = [list, close, reopen, verify]

  private static let period = OperandDescription(name: "PERIOD", help: "The month, such as 2026-10.")

  private static let list = CommandDescription(
    path: ["periods", "list"], summary: "Show the months, what closed them, and the last posting to each",
    options: CommonOptions.service
  ) { invocation in
    try await CommandAnswer.list(
      invocation, "periods", member: "periods",
      columns: [
        "period", "state", "last_posting", "claimed_position", "closed_at", "closed_time", "requested_by",
        "granted_by",
      ].map { .init($0) }, ifNone: "nothing was posted yet")
  }

  private static let close = CommandDescription(
    path: ["periods", "close"], summary: "Close a month, and with it all before it",
    discussion: """
      The service takes the newest checkpoint that covers everything that was posted to the month, computes what the finance
      books say there, and asks another owner: the grant closes the month, unless something was posted to it meanwhile. What
      comes later for a closed month is posted to the first open day and flagged late; its figures never change. Needs the
      role finance.
      """,
    operands: [period], options: ChangeAnswer.options,
    examples: [("daybook periods close 2026-10", "October, once it is over")]
  ) { invocation in
    try await ChangeAnswer.send(
      invocation, "POST", path(invocation, "close"), .object(JSONObject()), more: claim)
  }

  private static let reopen = CommandDescription(
    path: ["periods", "reopen"], summary: "Reopen the last closed month",
    operands: [period],
    options: [.value("--reason", "TEXT", "Why.")] + ChangeAnswer.options
  ) { invocation in
    try await ChangeAnswer.send(
      invocation, "POST", path(invocation, "reopen"),
      .object(["reason": .text(try invocation.required("--reason"))]))
  }

  private static let verify = CommandDescription(
    path: ["periods", "verify"], summary: "Replay the books to every closing and compare them with what was claimed",
    discussion: """
      Reads the database itself. Exit code 1 where a digest differs or a book is missing; a book that has another version now
      cannot tell, which is said.
      """,
    operands: [OperandDescription(name: "PERIOD", help: "Only this month.", isRequired: false)],
    options: [CommonOptions.ledger, CommonOptions.format, CommonOptions.projections] + CommonOptions.database
  ) { invocation in
    let settings = ConnectionSettings(url: try invocation.database(), applicationName: "daybook periods")
    let catalogue = try ProjectionCatalogue.load(extraFolders: invocation.all("--projections"))
    let books = BookQueries(settings, catalogue: catalogue)
    let claims: [ClosingAudit.Claim]
    do {
      claims = try await ClosingAudit.run(
        settings, books: books, ledger: invocation.ledger, period: invocation.operand(0))
    } catch {
      await books.close()
      throw error
    }
    await books.close()
    show(claims, invocation)
    return claims.contains { $0.outcome == .different || $0.outcome == .missing } ? .failed : .done
  }

  private static func path(_ invocation: Invocation, _ deed: String) -> String {
    "periods/\(CommandAnswer.escaped(invocation.operand(0) ?? ""))/\(deed)"
  }

  private static func claim(_ root: JSONView) -> String? {
    guard let claim = root["claim"], let position = claim["position"]?.integer else { return nil }
    let books = claim["books"]?.members.map(\.key.string).sorted().joined(separator: ", ") ?? ""
    return "Claimed as of position \(position): \(books)."
  }

  private static func show(_ claims: [ClosingAudit.Claim], _ invocation: Invocation) {
    let rows = claims.map { claim in
      JSON.object([
        "period": .text(claim.period), "closed_at": .integer(claim.closedAt), "position": .integer(claim.position),
        "book": .text(claim.book), "outcome": .text(claim.outcome.rawValue), "claimed": .text(claim.claimed),
        "found": claim.found.map { .text($0) },
      ])
    }
    guard let document = try? JSONDocument(JSON.array(rows).canonical) else { return }
    let columns: [RowWriter.Column] =
      ["period", "closed_at", "position", "book", "outcome"].map { .init($0) }
      + (invocation.format == .csv ? [.init("claimed"), .init("found")] : [])
    Console.write(
      Array(invocation.rows.text(document.root.elements, columns: columns, ifNone: "no month was closed").utf8))
  }
}

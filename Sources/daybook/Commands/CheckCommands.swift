import Archive
import Crypto
import DaybookClient
import Domain
import Postgres

/// Commands that look whether everything is as it should be.
enum CheckCommands {
  static let all: [CommandDescription] = [
    status, VerifyCommand.description, ReplayControlCommand.description, AuditCommand.decisions,
  ]

  private static let status = CommandDescription(
    path: ["status"], summary: "Show how a ledger and its books are doing",
    discussion: """
      Exit code 1 when a book has stopped at an event, nobody posts it, or the writer has stopped; `daybook skip` and the
      message shown say what to do.
      """,
    options: CommonOptions.service,
    examples: [("daybook status --format json", "For a monitor")]
  ) { invocation in
    let root = try await invocation.service().send("GET", "status").json()
    let books = root["books"]?.elements ?? []
    if invocation.format == .table {
      Console.print("ledger \(Cell(root["ledger"]).text), position \(Cell(root["position"]).text)")
      let columns: [RowWriter.Column] = [
        .init("book", at: ["projection"]), .init("version"), .init("state"), .init("position"), .init("head"),
        .init("lag", at: ["lag_positions"]), .init("lag ms", at: ["lag_ms"]), .init("holder"),
      ]
      Console.write(Array(invocation.rows.text(books, columns: columns, ifNone: "no books").utf8))
      for book in books { if let fault = book["fault"], fault.kind == .object { tell(book, fault) } }
      for rerate in root["rerates"]?.elements ?? [] {
        let (adjusted, calls) = (Cell(rerate["adjusted"]).text, rerate["calls"]?.integer ?? 0)
        Console.print("re-rating \(Cell(rerate["rerate"]).text): \(adjusted) of \(Count(calls, "call")) adjusted")
      }
      if let stopped = root["writer_stopped"]?.string { Console.tell("the writer has stopped: \(stopped)") }
      if let notary = root["notary"], notary.kind == .object { tell(notary) }
    } else {
      Console.write(Array(invocation.rows.text(books, columns: nil, whole: root).utf8))
    }
    let isFine = books.allSatisfy { ["current", "posting"].contains($0["state"]?.string ?? "") }
    let isHalted = root["notary"]?["halt"]?.kind == .object
    return isFine && !isHalted && root["writer_stopped"]?.string == nil ? .done : .failed
  }

  private static func tell(_ notary: JSONView) {
    let cosigned = notary["cosigned_position"]?.integer ?? 0
    Console.print(
      "signed up to \(Cell(notary["position"]).text as String) as \(Cell(notary["origin"]).text)"
        + (cosigned > 0 ? ", cosigned up to \(cosigned)" : ""))
    guard let halt = notary["halt"], halt.kind == .object else { return }
    Console.tell(
      "the notary HALTED the ledger (\(Cell(halt["kind"]).text)) since \(Cell(halt["since"]).text): "
        + "\(Cell(halt["detail"]).text). `daybook notary --help` says what to do")
  }

  private static func tell(_ book: JSONView, _ fault: JSONView) {
    let position = Cell(fault["position"]).text
    Console.tell(
      "\(Cell(book["projection"]).text) stopped at position \(position) since \(Cell(fault["since"]).text): "
        + "\(Cell(fault["message"]).text) [\(Cell(fault["sqlstate"]).text)]")
  }
}

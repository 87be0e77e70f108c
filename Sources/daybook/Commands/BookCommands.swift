import DaybookClient
import Domain

/// Commands that ask the books.
enum BookCommands {
  static let all: [CommandDescription] = [books, query, replay, rebuild, skip]

  private static let books = CommandDescription(
    path: ["books"], summary: "List the books and what may be asked of them", options: CommonOptions.service
  ) { invocation in
    let root = try await invocation.service().send("GET", "books").json()
    let books = root["books"]?.elements ?? []
    let columns: [RowWriter.Column] = [.init("book", at: ["projection"]), .init("version"), .init("title")]
    guard invocation.format == .table else {
      Console.write(Array(invocation.rows.text(books, columns: columns, whole: root).utf8))
      return .done
    }
    var rows: [[Cell]] = []
    for book in books {
      for query in book["queries"]?.elements ?? [] {
        let parameters = (query["parameters"]?.elements ?? []).compactMap { $0["name"]?.string }
        rows.append([
          Cell(book["projection"]), Cell(query["query"]), Cell(query["title"] ?? book["title"]),
          Cell(parameters.joined(separator: ", ")),
        ])
      }
    }
    let table = Table(columns: ["book", "query", "title", "parameters"], rows: rows)
    for line in table.lines(width: Console.width) { Console.print(line) }
    return .done
  }

  private static let query = CommandDescription(
    path: ["query"], summary: "Ask a book",
    discussion: """
      Every option that is not listed here is a parameter of the query; `daybook query BOOK --help` lists those of a book.
      --from and --to are days and both included. Without a QUERY the book's first one answers.
      """,
    operands: [
      OperandDescription(name: "BOOK", help: "The book, see `daybook books`."),
      OperandDescription(name: "QUERY", help: "Which of its queries.", isRequired: false),
    ],
    options: [
      .value("--as-of", "POINT", "Answer as of a position or a time (RFC 3339), by replaying the log up to there."),
      .value("--min-position", "N", "Wait until the book reflects this position."),
    ] + CommonOptions.service,
    takesParameters: true,
    examples: [
      (
        "daybook query daily_spend --from 2023-11-16 --to 2023-11-16 --group-by operation",
        "What a day cost, by operation"
      ),
      ("daybook query model_pnl --format csv > pnl.csv", "Profit and loss by model, for a spreadsheet"),
      ("daybook query daily_spend --as-of 20000", "The same book as it stood at position 20000"),
    ]
  ) { try await ask($0, asOf: $0["--as-of"]) }

  private static let replay = CommandDescription(
    path: ["replay"], summary: "Replay a book up to a position or a time",
    discussion: """
      The same as `query --as-of`; with --digest the fingerprint of the book's rows at that point, computed from the database
      itself, so that two replays, or two machines, can be compared. A replay starts from the newest snapshot before the
      point, and is as true as that; --from-scratch needs none.
      """,
    operands: [
      OperandDescription(name: "BOOK", help: "The book."),
      OperandDescription(name: "QUERY", help: "Which of its queries.", isRequired: false),
    ],
    options: [
      .value("--at", "POINT", "A position, or a time as RFC 3339."),
      .flag("--digest", "Print the digest instead of rows; needs the database."),
      .flag(
        "--from-scratch", "With --digest: fold from the first event instead of the newest snapshot before the point."),
    ] + CommonOptions.service + [CommonOptions.databaseURL, CommonOptions.projections],
    takesParameters: true,
    examples: [
      ("daybook replay daily_spend --at 2023-11-17T00:00:00Z", "The book at a moment"),
      ("daybook replay daily_spend --at 20000 --digest", "Its fingerprint"),
    ]
  ) { invocation in
    let point = try invocation.required("--at")
    return invocation.has("--digest")
      ? try await BookDatabase.digest(invocation, at: point) : try await ask(invocation, asOf: point)
  }

  private static let rebuild = CommandDescription(
    path: ["rebuild"], summary: "Build a book anew from the log while the old one serves",
    discussion: """
      The new book is built beside the old, compared with it, and swapped in one transaction. Where they differ the old one
      stays and the exit code is 1, unless --replace-differing is given. Works on the database.
      """,
    operands: [OperandDescription(name: "BOOK", help: "The book.")],
    options: [
      .flag("--replace-differing", "Swap although the old book differs."), ProjectCommand.snapshotInterval,
    ] + CommonOptions.database
      + [CommonOptions.format],
    examples: [("daybook rebuild daily_spend", "Build it anew, with a progress bar")]
  ) { try await BookDatabase.rebuild($0) }

  private static let skip = CommandDescription(
    path: ["skip"], summary: "Let a stopped book go past an event that cannot be posted",
    discussion: """
      A book stops, loudly, at an event that it cannot post; `daybook status` shows which and why. Going past it is a
      decision by a person, recorded in the log.
      """,
    operands: [
      OperandDescription(name: "BOOK", help: "The book."),
      OperandDescription(name: "POSITION", help: "The event's position."),
    ],
    options: [.value("--reason", "TEXT", "Why.")] + CommonOptions.command
  ) { invocation in
    let position = try EventCommands.positive(invocation.operand(1), "POSITION", invocation)
    let book = invocation.operand(0) ?? ""
    let reason = try invocation.required("--reason")
    return try await CommandAnswer.post(
      invocation, "books/\(CommandAnswer.escaped(book))/skips",
      .object([
        "position": .integer(position), "reason": .text(reason),
        "version": .integer(try await version(of: book, stoppedAt: position, invocation)),
      ]))
  }

  /// The version that a skip is for: the one that stopped there, which may be one that is being built, else the live one.
  private static func version(of book: String, stoppedAt position: Int64, _ invocation: Invocation) async throws
    -> Int64
  {
    let status = try await invocation.service().send("GET", "status").json()
    guard let found = status["books"]?.elements.first(where: { $0["projection"]?.string == book }),
      let live = found["version"]?.integer
    else { throw UsageError("there is no book \(book); see `daybook books`", invocation.command) }
    guard let fault = found["fault"], fault["position"]?.integer == position else { return live }
    return fault["version"]?.integer ?? live
  }

  /// Asks a book and shows its rows.
  private static func ask(_ invocation: Invocation, asOf: String?) async throws -> ExitCode {
    let book = CommandAnswer.escaped(invocation.operand(0) ?? "")
    let path = "books/\(book)" + (invocation.operand(1).map { "/" + CommandAnswer.escaped($0) } ?? "")
    var query = invocation.parameters
    if let asOf { query.append((name: "as_of", value: asOf)) }
    if let position = try invocation.integer("--min-position") {
      query.append((name: "min_position", value: String(position)))
    }
    let format = invocation.format
    let accept = format == .csv ? "text/csv" : "application/json"
    let answer = try await invocation.service().send("GET", path, query: query, accept: accept)
    if format == .csv {
      Console.write(answer.body)
      return .done
    }
    let root = try answer.json()
    let rows = root["rows"]?.elements ?? []
    let (columns, zero) = format == .table ? RowWriter.telling(rows) : (nil, [])
    Console.write(Array(invocation.rows.text(rows, columns: columns, whole: root, ifNone: "no rows").utf8))
    if !zero.isEmpty { Console.tell("0 in every row and not shown: \(zero.joined(separator: ", "))") }
    if format == .table, let position = root["position"]?.integer {
      let time = root["recordedtime"]?.string.map { ", recorded \($0)" } ?? ""
      Console.tell("as of position \(position)\(time)")
    }
    return .done
  }

  /// Adds to the help of `query` what a book takes, where the service can be asked; silent where it cannot.
  static func explain(_ book: String, _ invocation: Invocation) async {
    guard let root = try? await invocation.service().send("GET", "books", retry: .never).json(),
      let found = root["books"]?.elements.first(where: { $0["projection"]?.string == book })
    else { return }
    var text = "\n\(book): \(found["description"]?.string ?? "")\n"
    for query in found["queries"]?.elements ?? [] {
      text += "\n  \(query["query"]?.string ?? ""): \(query["title"]?.string ?? "")\n"
      for parameter in query["parameters"]?.elements ?? [] {
        let name = "--" + (parameter["name"]?.string ?? "").replacing("_", with: "-")
        text += "    \(HelpText.padded(name, 18)) \(explained(parameter))\n"
      }
      let columns = (query["columns"]?.elements ?? []).compactMap { $0["name"]?.string }
      let wrapped = HelpText.wrap("columns: " + columns.joined(separator: ", "), 110)
      text += "    \(wrapped.joined(separator: "\n    "))\n"
    }
    Console.write(Array(DisplayWidth.harmlessLines(text).utf8))
  }

  private static func explained(_ parameter: JSONView) -> String {
    var text = parameter["description"]?.string ?? ""
    if let allowed = parameter["allowed"]?.elements, !allowed.isEmpty {
      text += " One of " + allowed.compactMap { $0.string }.joined(separator: ", ") + "."
    }
    if let usual = parameter["default"]?.string { text += " Usually \(usual)." }
    if parameter["required"]?.boolean == true { text += " Required." }
    return text
  }
}

import DaybookClient
import Domain

/// Commands that look behind the numbers of books.
enum HistoryCommands {
  static let all: [CommandDescription] = [diff, explain]

  private static let diff = CommandDescription(
    path: ["replay", "diff"], summary: "Show how a book changed between two points, and which events changed it",
    discussion: """
      Rows that were added, removed or changed, with what each column was and is, and the positions of the events that did
      it. Both points are replayed, so the answer never changes.
      """,
    operands: [OperandDescription(name: "BOOK", help: "The book.")],
    options: [
      .value("--from", "POINT", "The earlier point: a position, or a time as RFC 3339."),
      .value("--to", "POINT", "The later point.", usual: "the head of the log"),
      .value("--table", "NAME", "One of the book's tables.", usual: "all"),
      .value("--limit", "N", "Rows at most, 1 to 1000.", usual: "100"),
      .value("--after", "N", "Rows to pass over."),
    ] + CommonOptions.service,
    examples: [
      ("daybook replay diff daily_spend --from 2026-11-16T00:00:00Z --to 2026-11-17T00:00:00Z", "What a day changed"),
      ("daybook replay diff budget_status --from 4711 --to 4712", "What one event did"),
    ]
  ) { try await compare($0) }

  private static let explain = CommandDescription(
    path: ["explain"], summary: "Show the events behind rows of a book: why is this number what it is?",
    discussion: """
      Every option that is not listed here is a key column of the book's table, with its value; at least one, and what is left
      out is not looked at. Shows the rows, then each event with what it added to them (or, where the projection does not
      say, the columns before and after it). A column that ends in _token takes a person by the producer's name too.
      """,
    operands: [OperandDescription(name: "BOOK", help: "The book.")],
    options: [
      .value("--table", "NAME", "One of the book's tables.", usual: "the first one that has the columns"),
      .value("--as-of", "POINT", "Rows as of a position or a time (RFC 3339)."),
      .value("--limit", "N", "Events at most, 1 to 1000.", usual: "100"),
      .value("--after", "POSITION", "Only events after this position."),
      .value("--receipts", "DIR", "Write what proves each event into this folder: POSITION.tlog-proof."),
    ] + CommonOptions.service,
    takesParameters: true,
    examples: [
      ("daybook explain daily_spend --day 2023-11-16 --operation chat_message", "The calls behind a day's spend"),
      (
        "daybook explain model_pnl --day 2026-11-01 --model deepseek --receipts proofs",
        "With a receipt of each, for a stranger"
      ),
      ("daybook explain daily_spend --user-token eve --as-of 20000", "A user's calls, as known at a position"),
    ]
  ) { try await explained($0) }

  private static func compare(_ invocation: Invocation) async throws -> ExitCode {
    var query = [(name: "from", value: try invocation.required("--from"))]
    for name in ["to", "table"] {
      if let value = invocation["--\(name)"] { query.append((name: name, value: value)) }
    }
    query.append((name: "limit", value: String(try invocation.integer("--limit", in: 1...1000) ?? 100)))
    if let after = try invocation.integer("--after") { query.append((name: "after", value: String(after))) }
    let book = CommandAnswer.escaped(invocation.operand(0) ?? "")
    let root = try await invocation.service().send("GET", "books/\(book)/diff", query: query).json()
    if invocation.format == .json || invocation.format == .ndjson {
      Console.write(Array(invocation.rows.text(root["rows"]?.elements ?? [], columns: nil, whole: root).utf8))
      return .done
    }
    let rows = (root["rows"]?.elements ?? []).map { row -> JSON in
      let columns = row["columns"]?.members ?? []
      let events = (row["events"]?.elements ?? []).compactMap { $0.integer.map(String.init) }
      let isWhole = row["has_all_events"]?.boolean == true
      return .object([
        "table": .text(row["table"]?.string ?? ""), "key": .text(pairs(row["key"])),
        "change": .text(row["change"]?.string ?? ""),
        "columns": .text(
          columns.map { "\($0.key): \(shown($0.value.elements.first)) → \(shown($0.value.elements.last))" }
            .joined(separator: ", ")),
        "events": .text(events.joined(separator: " ") + (isWhole ? "" : " …")),
      ])
    }
    let columns = ["table", "change", "key", "columns", "events"].map { RowWriter.Column($0) }
    try show(rows, columns, invocation, ifNone: "no differences")
    let points = ["from", "to"].compactMap { root[$0]?["position"]?.integer.map(String.init) }
    Console.tell("from position \(points.joined(separator: " to "))")
    if let next = root["next"]?.integer { Console.tell("more with --after \(next)") }
    return .done
  }

  private static func explained(_ invocation: Invocation) async throws -> ExitCode {
    let daybook = try invocation.service()
    let limit = try invocation.integer("--limit", in: 1...1000) ?? 100
    let path = "books/\(CommandAnswer.escaped(invocation.operand(0) ?? ""))/explain"
    var fixed = invocation.parameters
    if let table = invocation["--table"] { fixed.append((name: "table", value: table)) }
    if let point = invocation["--as-of"] { fixed.append((name: "as_of", value: point)) }
    var after = try invocation.integer("--after") ?? 0
    var root: JSONView?
    var events: [JSONView] = []
    // A page may be short only because the service's time for one was up.
    while true {
      let more = [
        (name: "after", value: String(after)), (name: "limit", value: String(limit - Int64(events.count))),
      ]
      let page = try await daybook.send("GET", path, query: fixed + more).json()
      root = root ?? page
      events += page["events"]?.elements ?? []
      guard let next = page["next"]?.integer else {
        after = 0
        break
      }
      after = next
      if events.count >= limit { break }
    }
    if let folder = invocation["--receipts"] { try await writeReceipts(of: events, to: folder, daybook) }
    guard let root else { return .done }
    try show(root, events, next: after > 0 ? after : nil, invocation)
    return .done
  }

  private static func show(
    _ root: JSONView, _ events: [JSONView], next: Int64?, _ invocation: Invocation
  ) throws {
    switch invocation.format {
    case .json:
      var whole = JSON(root)
      whole["events"] = .array(events.map { JSON($0) })
      whole["next"] = next.map { .integer($0) }
      let document = try JSONDocument(whole.canonical, limits: .answers)
      Console.write(Array(invocation.rows.text([], columns: nil, whole: document.root).utf8))
    case .ndjson: Console.write(Array(invocation.rows.text(events, columns: nil).utf8))
    case .csv: try show(events.map(flat), nil, invocation, ifNone: "no events")
    case .table:
      let rows = root["rows"]?.elements ?? []
      let key = (root["key_columns"]?.elements ?? []).compactMap { $0.string }
      Console.write(Array(invocation.rows.text(rows, columns: telling(rows, first: key), ifNone: "no rows").utf8))
      Console.print("")
      let document = try JSONDocument(JSON.array(events.map(flat)).canonical, limits: .answers)
      let columns = telling(document.root.elements, first: ["position", "recordedtime", "type", "subject"])
      Console.write(
        Array(invocation.rows.text(document.root.elements, columns: columns, ifNone: "no events").utf8))
      if let position = root["position"]?.integer { Console.tell("as of position \(position)") }
      if let next { Console.tell("more with --after \(next)") }
    }
  }

  /// Some columns, then the others but for those that are zero in every row.
  private static func telling(_ rows: [JSONView], first: [String]) -> [RowWriter.Column] {
    let others = RowWriter.columns(of: rows).filter { column in
      !first.contains(column.heading)
        && !rows.allSatisfy { column.value($0)?.integer == 0 || column.value($0)?.string == "0" }
    }
    return first.map { RowWriter.Column($0) } + others
  }

  /// An event with what it did beside it, as one row.
  private static func flat(_ event: JSONView) -> JSON {
    var members: [ExactText: JSON] = [:]
    for name in ["position", "recordedtime", "type", "subject"] {
      if let value = event[name] { members[ExactText(name)] = JSON(value) }
    }
    for member in event["contribution"]?.members ?? [] { members[member.key] = JSON(member.value) }
    if let after = event["after"] {
      let before = event["before"]
      for name in Set((after.members + (before?.members ?? [])).map(\.key)) {
        members[name] = .text("\(shown(before?[name.string])) → \(shown(after[name.string]))")
      }
    }
    return .object(members)
  }

  private static func writeReceipts(of events: [JSONView], to folder: String, _ daybook: Daybook) async throws {
    try OutputFolder.make(folder)
    var written: Set<Int64> = []
    for event in events {
      guard let position = event["position"]?.integer, written.insert(position).inserted else { continue }
      let receipt = try await daybook.send("GET", "events/\(position)/receipt", accept: "text/plain")
      let file = try OutputFile("\(folder)/\(position).tlog-proof")
      try file.write(receipt.body)
      try file.finish()
    }
    Console.tell("\(Count(written.count, "receipt")) in \(folder)")
  }

  private static func show(
    _ rows: [JSON], _ columns: [RowWriter.Column]?, _ invocation: Invocation, ifNone: String
  ) throws {
    let document = try JSONDocument(JSON.array(rows).canonical, limits: .answers)
    Console.write(Array(invocation.rows.text(document.root.elements, columns: columns, ifNone: ifNone).utf8))
  }

  private static func pairs(_ key: JSONView?) -> String {
    (key?.members ?? []).map { "\($0.key)=\(shown($0.value))" }.joined(separator: ", ")
  }

  private static func shown(_ value: JSONView?) -> String {
    guard let value, value.kind != .null else { return "–" }
    return Cell(value).text
  }
}

extension JSONLimits {
  /// What a service may answer.
  fileprivate static let answers = JSONLimits(depth: 64, bytes: 64 << 20)
}

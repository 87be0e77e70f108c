import DaybookClient
import Domain

/// `daybook events`.
enum EventsCommand {
  /// Rows of a table that nobody limited: more than that scrolls away unread.
  private static let tableLimit: Int64 = 100
  private static let pageLimit: Int64 = 1000

  private static let columns: [RowWriter.Column] = [
    .init("position", at: ["event", "position"]), .init("time", at: ["event", "time"]),
    .init("type", at: ["event", "type"]), .init("subject", at: ["event", "subject"]),
    .init("actor", at: ["event", "actor"]), .init("id", at: ["event", "id"]),
    .init("cost", at: ["derived", "cost"]),
  ]

  static func run(_ invocation: Invocation) async throws -> ExitCode {
    let daybook = try invocation.service()
    let format = invocation.format
    let after = try invocation.integer("--after") ?? 0
    if invocation.has("--follow") {
      if ["--from", "--to", "--limit", "--as-of"].contains(where: { invocation[$0] != nil }) {
        throw UsageError("--follow goes on without an end: no --from, --to, --limit or --as-of", invocation.command)
      }
      return try await follow(invocation, daybook, after: after)
    }
    var left = try invocation.integer("--limit", in: 1...Int64.max) ?? (format == .table ? tableLimit : Int64.max)
    var next: Int64? = after
    var isFirst = true
    if format == .json { Console.write(Array("[".utf8)) }
    while left > 0, let cursor = next {
      let page = try await daybook.send("GET", "events", query: query(invocation, cursor, min(left, pageLimit)))
        .json()
      let records = page["records"]?.elements ?? []
      write(records, format, isFirst: isFirst)
      isFirst = isFirst && records.isEmpty
      left -= Int64(records.count)
      next = page["next"]?.integer
    }
    if format == .json { Console.write(Array("\n]\n".utf8)) }
    if format == .table && isFirst { Console.print("(no events)") }
    if format == .table, let next, left <= 0 { Console.tell("more with --after \(next)") }
    return .done
  }

  private static func query(_ invocation: Invocation, _ after: Int64, _ limit: Int64) -> [(
    name: String, value: String
  )] {
    var query = [(name: "after", value: String(after)), (name: "limit", value: String(limit))]
    if let point = invocation["--as-of"] { query.append((name: "as_of", value: point)) }
    query += invocation.all("--type").map { (name: "type", value: $0) }
    for name in ["subject", "from", "to"] {
      if let value = invocation["--\(name)"] { query.append((name: name, value: value)) }
    }
    return query
  }

  private static func write(_ records: [JSONView], _ format: OutputFormat, isFirst: Bool) {
    guard !records.isEmpty else { return }
    var text = ""
    switch format {
    case .json:
      for (index, record) in records.enumerated() {
        text += isFirst && index == 0 ? "\n  " : ",\n  "
        text += String(decoding: record.canonical, as: UTF8.self)
      }
    case .ndjson: text = RowWriter(format: .ndjson).text(records, columns: nil)
    case .csv, .table:
      text = RowWriter(format: format).text(records, columns: columns)
      // Headings once, though every page is a table of its own.
      let headings = isFirst ? 0 : format == .csv ? 1 : 2
      let end = format == .csv ? "\r\n" : "\n"
      for _ in 0..<headings { text = text.firstRange(of: end).map { String(text[$0.upperBound...]) } ?? text }
    }
    Console.write(Array(text.utf8))
  }

  private static func follow(_ invocation: Invocation, _ daybook: Daybook, after: Int64) async throws -> ExitCode {
    let types = invocation.all("--type")
    let subject = invocation["--subject"]
    let format = invocation.format
    if format == .csv { Console.write(Array(CSVText.text(headings: columns.map(\.heading), rows: []).utf8)) }
    for try await record in daybook.follow(after: after) {
      if !types.isEmpty && !types.contains(record.type) { continue }
      if let subject, record.subject != subject { continue }
      switch format {
      case .ndjson, .json: Console.print(String(decoding: record.json.canonical, as: UTF8.self))
      case .csv:
        let fields = columns.map { CSVText.field($0.value(record.json)) }
        Console.write(Array((fields.joined(separator: ",") + "\r\n").utf8))
      case .table:
        let cost = Cell(record.derived?["cost"]).text
        let parts = [
          String(record.position), record.recordedTime.description, record.type, record.subject, record.actor,
        ]
        Console.print(DisplayWidth.harmless((parts + [cost]).joined(separator: "  ")).trimmed)
      }
    }
    return .done
  }
}

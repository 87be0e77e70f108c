import DaybookClient
import Domain
import Log

/// `daybook export` from a running service.
enum ServiceExport {
  /// Records asked for at once.
  private static let page: Int64 = 5000

  /// Asks for page after page, and writes them to the file, or to standard output where there is none.
  static func run(_ invocation: Invocation, _ filter: LogFilter, _ file: OutputFile?) async throws {
    let daybook = try invocation.service()
    let head = try await daybook.send("GET", "status").json()["position"]?.integer ?? 0
    let last = min(filter.upTo ?? head, head)
    let bar = ProgressBar("Exporting \(invocation.ledger)", environment: invocation.environment)
    defer { bar.finish() }
    try await forEachPage(daybook, filter, last) { lines, reached in
      for line in lines {
        let bytes = line + [0x0A]
        if let file { try file.write(bytes) } else { Console.write(bytes) }
      }
      bar.update(reached - filter.after, of: last - filter.after)
    }
    bar.update(last - filter.after, of: last - filter.after)
    try file?.finish()
  }

  /// Hands over page after page of the records that match, up to a position.
  static func forEachPage(
    _ daybook: Daybook, _ filter: LogFilter, _ last: Int64,
    _ body: (_ lines: [[UInt8]], _ reached: Int64) throws -> Void
  ) async throws {
    var after = filter.after
    while after < last {
      let answer = try await daybook.send(
        "GET", "events", query: query(filter, after), accept: "application/x-ndjson")
      let lines = answer.body.split(separator: 0x0A).map { Array($0) }
      guard let end = lines.last else { break }
      let wanted = lines.prefix { (position($0) ?? 0) <= last }
      guard let reached = position(end) else { throw CheckFailure("the service answered what is no record") }
      after = reached
      try body(Array(wanted), min(after, last))
      if lines.count < page || wanted.count < lines.count { break }
    }
  }

  private static func query(_ filter: LogFilter, _ after: Int64) -> [(name: String, value: String)] {
    var query = [
      (name: "form", value: "export"), (name: "after", value: String(after)), (name: "limit", value: String(page)),
    ]
    query += filter.types.map { (name: "type", value: $0) }
    if let subject = filter.subject { query.append((name: "subject", value: subject)) }
    if let from = filter.from { query.append((name: "from", value: from.description)) }
    if let to = filter.to { query.append((name: "to", value: to.description)) }
    return query
  }

  private static func position(_ line: [UInt8]) -> Int64? {
    (try? JSONDocument(line, limits: JSONLimits(depth: 64, bytes: 1 << 20)))?.root["position"]?.integer
  }
}

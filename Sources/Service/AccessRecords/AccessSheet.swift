import Domain

/// What one key read since the last record: lines by what was read and from where, bounded.
struct AccessSheet: Sendable {
  /// What is counted together.
  struct Line: Hashable, Sendable {
    var ledger: String
    var endpoint: String
    var book: String?
    var address: String
    var subject: String?
    var isExport = false
  }

  /// How much.
  struct Tally: Sendable {
    var requests: Int64 = 0
    var records: Int64 = 0
    var first: Int64?
    var last: Int64?

    mutating func add(_ other: Tally) {
      requests += other.requests
      records += other.records
      first = [first, other.first].compactMap { $0 }.min()
      last = [last, other.last].compactMap { $0 }.max()
    }
  }

  /// Lines of one record at most; requests beyond are counted together.
  static let linesAtMost = 60
  /// Bytes of lines in one record at most: an event takes 48 KiB.
  static let bytesAtMost = 40 << 10

  let principal: Principal
  private(set) var from: Timestamp
  private(set) var until: Timestamp
  private(set) var lines: [Line: Tally] = [:]
  private(set) var total = Tally()
  private(set) var furtherRequests: Int64 = 0

  init(_ principal: Principal, at now: Timestamp) {
    self.principal = principal
    (from, until) = (now, now)
  }

  mutating func add(_ line: Line, _ tally: Tally, at now: Timestamp) {
    (from, until) = (min(from, now), max(until, now))
    total.add(tally)
    guard lines[line] != nil || lines.count < Self.linesAtMost else {
      furtherRequests += tally.requests
      return
    }
    lines[line, default: Tally()].add(tally)
  }

  /// Takes back in what could not be recorded.
  mutating func add(_ earlier: AccessSheet) {
    (from, until) = (min(from, earlier.from), max(until, earlier.until))
    for (line, tally) in earlier.lines { add(line, tally, at: until) }
    let listed = earlier.lines.values.reduce(into: Tally()) { $0.add($1) }
    total.requests += earlier.total.requests - listed.requests
    total.records += earlier.total.records - listed.records
    furtherRequests += earlier.furtherRequests
  }

  /// The data of `access.recorded`.
  var record: JSON {
    var (reads, bytes, further) = ([JSON](), 0, furtherRequests)
    for (line, tally) in lines.sorted(by: { Self.precedes($0.key, $1.key) }) {
      let read = Self.json(line, tally)
      let size = read.canonical.count + 1
      guard bytes + size <= Self.bytesAtMost else {
        further += tally.requests
        continue
      }
      bytes += size
      reads.append(read)
    }
    return .object([
      "key": .text(principal.key), "owner": .text(principal.owner), "from": .text(from.description),
      "until": .text(until.description), "requests": .integer(total.requests), "records": .integer(total.records),
      "reads": .array(reads), "further_requests": further == 0 ? nil : .integer(further),
    ])
  }

  private static func precedes(_ left: Line, _ right: Line) -> Bool {
    let key: (Line) -> [String] = { [$0.ledger, $0.endpoint, $0.book ?? "", $0.address, $0.subject ?? ""] }
    return key(left).lexicographicallyPrecedes(key(right))
  }

  private static func json(_ line: Line, _ tally: Tally) -> JSON {
    .object([
      "ledger": .text(line.ledger), "endpoint": .text(line.endpoint), "book": line.book.map(JSON.text),
      "address": .text(line.address), "subject": line.subject.map(JSON.text), "requests": .integer(tally.requests),
      "records": .integer(tally.records), "first_position": tally.first.map(JSON.integer),
      "last_position": tally.last.map(JSON.integer), "export": line.isExport ? .boolean(true) : nil,
    ])
  }
}

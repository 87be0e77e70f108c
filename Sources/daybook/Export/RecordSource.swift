import Accounting
import DaybookClient
import Domain
import Exports
import Log
import Postgres

/// Where an export reads records: a database, a running service, or a file of records that was exported before.
enum RecordSource: Sendable {
  case database(String)
  case service(Daybook)
  case file(String)

  /// The database where there is one, unless a service or a file was named.
  init(_ invocation: Invocation) throws {
    if let path = invocation["--input"] {
      self = .file(path)
    } else if invocation.values["--url"] == nil, let url = try? invocation.database() {
      self = .database(url)
    } else {
      self = .service(try invocation.service())
    }
  }

  /// Hands over the records of some types up to a position, in order, and finishes.
  ///
  /// - Parameters:
  ///   - needsUnpriced: are completions without a known cost wanted? Where they are not, some may still come.
  ///   - begin: told the last position that is read, before the first record; answers what takes the records.
  func read(
    _ invocation: Invocation, types: [String], upTo: Int64?, needsUnpriced: Bool,
    begin: @escaping @Sendable (_ last: Int64) throws -> any RecordSink
  ) async throws {
    var filter = LogFilter()
    filter.types = types
    filter.upTo = upTo
    filter.leavesOutUnpriced = !needsUnpriced
    let bar = ProgressBar("Exporting \(invocation.ledger)", environment: invocation.environment)
    defer { bar.finish() }
    switch self {
    case .database(let url):
      let (ledger, filter) = (invocation.ledger, filter)
      try await blocking { try Self.readDatabase(url, ledger, filter, bar, begin) }
    case .service(let daybook): try await Self.readService(daybook, invocation.ledger, filter, bar, begin)
    case .file(let path):
      let (ledger, filter) = (invocation.ledger, filter)
      try await blocking { try Self.readFile(path, ledger, filter, bar, begin) }
    }
  }

  private static func readDatabase(
    _ url: String, _ ledger: String, _ filter: LogFilter, _ bar: ProgressBar,
    _ begin: (Int64) throws -> any RecordSink
  ) throws {
    let connection = try Connection(
      ConnectionSettings(url: url, role: "daybook_auditor", applicationName: "daybook export"))
    defer { connection.close() }
    connection.callTimeout = nil
    guard try LedgerRows.names(connection).contains(ledger) else {
      throw LogError(.unknownLedger, "no ledger \(ledger)")
    }
    let head = try LogReader(connection, ledger: ledger).head().position
    var filter = filter
    let last = min(filter.upTo ?? head, head)
    filter.upTo = last
    let sink = try begin(last)
    try EventRows(connection, ledger: ledger).stream(filter, progress: { bar.update($0, of: last) }) { row in
      try sink.take(
        try record(
          row.position, row.type, row.occurredAt, data: Array(row.data), derived: row.derived.map { Array($0) },
          ledger: ledger, leaf: row.leaf))
    }
    bar.update(last, of: last)
    try sink.finish()
  }

  private static func readService(
    _ daybook: Daybook, _ ledger: String, _ filter: LogFilter, _ bar: ProgressBar,
    _ begin: (Int64) throws -> any RecordSink
  ) async throws {
    let head = try await daybook.send("GET", "status").json()["position"]?.integer ?? 0
    let last = min(filter.upTo ?? head, head)
    let sink = try begin(last)
    try await ServiceExport.forEachPage(daybook, filter, last) { lines, reached in
      for line in lines { try sink.take(try record(line, ledger)) }
      bar.update(reached, of: last)
    }
    bar.update(last, of: last)
    try sink.finish()
  }

  private static func readFile(
    _ path: String, _ ledger: String, _ filter: LogFilter, _ bar: ProgressBar,
    _ begin: (Int64) throws -> any RecordSink
  ) throws {
    guard let size = ExportedEvent.size(ofFile: path) else { throw CheckFailure("cannot read \(path)") }
    // The last position stands at the end of a file that may be compressed: it is told by the option, or not at all.
    let sink = try begin(filter.upTo ?? 0)
    let wanted = Set(filter.types)
    var previous: Int64 = 0
    try ExportedEvent.forEachLine(of: path, progress: { bar.update($0, of: size, unit: "bytes") }) { number, line in
      let exported = try checked(line, ledger, "line \(number)")
      guard exported.event.position > previous else {
        throw CheckFailure("line \(number) stands behind a later position: give the records in the log's order")
      }
      previous = exported.event.position
      guard previous <= filter.upTo ?? .max, wanted.contains(exported.event.type) else { return }
      try sink.take(try record(exported))
    }
    try sink.finish()
  }

  private static func record(_ line: [UInt8], _ ledger: String) throws -> AccountingRecord {
    try record(try checked(line, ledger, "a record of the service"))
  }

  private static func record(_ exported: ExportedEvent) throws -> AccountingRecord {
    let event = exported.event
    return try exported.leaf.withUnsafeBytes { leaf in
      try record(
        event.position, event.type, event.occurredAt, data: event.data, derived: event.derived, ledger: event.ledger,
        leaf: leaf)
    }
  }

  /// What was altered since it was exported is not booked.
  private static func checked(_ line: [UInt8], _ ledger: String, _ place: String) throws -> ExportedEvent {
    do throws(ExportError) {
      let exported = try ExportedEvent(line: line, ledger: ledger)
      guard exported.isAsHashed else { throw ExportError(.altered, "its payload hash is another") }
      return exported
    } catch { throw CheckFailure("\(place): \(error.detail)") }
  }

  private static let limits = JSONLimits(depth: 64, bytes: 1 << 20)

  private static func record(
    _ position: Int64, _ type: String, _ time: Timestamp, data: [UInt8], derived: [UInt8]?, ledger: String,
    leaf: UnsafeRawBufferPointer
  ) throws -> AccountingRecord {
    guard let data = try? JSONDocument(data, limits: limits).root else {
      throw AccountingError(.unreadable, at: position, "its data is no JSON of the ledger's")
    }
    let derived = try derived.map { bytes in
      guard let view = try? JSONDocument(bytes, limits: limits).root else {
        throw AccountingError(.unreadable, at: position, "its conclusions are no JSON of the ledger's")
      }
      return view
    }
    return AccountingRecord(
      position: position, type: type, time: time, data: data, derived: derived, ledger: ledger, leaf: leaf)
  }
}

/// What takes records, one after the other.
protocol RecordSink: AnyObject {
  func take(_ record: AccountingRecord) throws
  /// After the last one.
  func finish() throws
}

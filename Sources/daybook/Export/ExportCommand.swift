import Archive
import Crypto
import Domain
import Exports
import Glibc
import Integrity
import Log
import Postgres

/// `daybook export`.
enum ExportCommand {
  static func run(_ invocation: Invocation) async throws -> ExitCode {
    let format = invocation["--format"] ?? "ndjson"
    if format != "csv", let parameter = invocation.parameters.first {
      throw UsageError("--\(parameter.name) is no option of `daybook export --format \(format)`", invocation.command)
    }
    switch format {
    case "hledger", "beancount", "focus": return try await FinanceExport.run(invocation)
    case "csv": return try await BookExport.run(invocation)
    default: return try await log(invocation)
    }
  }

  /// The log itself: ndjson or segments.
  private static func log(_ invocation: Invocation) async throws -> ExitCode {
    for option in ["--input", "--book", "--query", "--focus-version"] where invocation.values[option] != nil {
      throw UsageError("\(option) is for the formats of finance", invocation.command)
    }
    let filter = try filter(invocation)
    let output = invocation["--output"] ?? "-"
    let isSegments = invocation["--format"] == "segments"
    if isSegments && (output == "-" || !filter.isByPositionOnly) {
      throw UsageError(
        "segments hold a range without gaps in a folder: give --output, and no --type, --subject, --from or --to",
        invocation.command)
    }
    let database = invocation.values["--url"] == nil ? try? invocation.database() : nil
    guard let database else {
      if isSegments { throw UsageError("segments are made from a database: give --database-url", invocation.command) }
      try await ServiceExport.run(invocation, filter, output == "-" ? nil : try OutputFile(output))
      return .done
    }
    let settings = ConnectionSettings(url: database, role: "daybook_auditor", applicationName: "daybook export")
    let read = try await blocking { () throws -> ExportedRange in
      let connection = try Connection(settings)
      defer { connection.close() }
      connection.callTimeout = nil
      guard try LedgerRows.names(connection).contains(invocation.ledger) else {
        throw LogError(.unknownLedger, "no ledger \(invocation.ledger)")
      }
      if isSegments {
        return try segments(invocation, connection, filter, output)
      } else {
        return try records(invocation, connection, settings, filter, output)
      }
    }
    await DirectRecord.note(
      "export", invocation, database: database, records: read.records,
      range: read.last > filter.after ? (filter.after + 1, read.last) : nil)
    return .done
  }

  /// What was taken out.
  private struct ExportedRange {
    var records: Int64 = 0
    var last: Int64 = 0
  }

  private static func filter(_ invocation: Invocation) throws(UsageError) -> LogFilter {
    var filter = LogFilter()
    filter.after = try invocation.integer("--after") ?? 0
    filter.upTo = try invocation.integer("--up-to", in: 1...Int64.max)
    filter.types = invocation.all("--type")
    filter.subject = invocation["--subject"]
    for (name, path) in [("--from", \LogFilter.from), ("--to", \LogFilter.to)] {
      guard let text = invocation[name] else { continue }
      guard let time = Timestamp(rfc3339: text) else {
        throw UsageError("\(name) takes a time such as 2023-11-17T00:00:00Z", invocation.command)
      }
      filter[keyPath: path] = time
    }
    return filter
  }

  private static func segments(
    _ invocation: Invocation, _ connection: Connection, _ filter: LogFilter, _ folder: String
  ) throws -> ExportedRange {
    guard access(folder + "/" + ExportFolder.note, F_OK) != 0 else {
      throw CheckFailure("\(folder) holds an export already; `daybook archive` brings a folder up to date")
    }
    let origin = try LogArchiver.origin(connection, ledger: invocation.ledger)
    let signer = try ArchiveKey.signer(invocation, origin: origin)
    let archiver = try LogArchiver(
      connection, ledger: invocation.ledger, folder: folder, origin: origin, from: filter.after + 1, signer: signer)
    let bar = ProgressBar("Exporting \(invocation.ledger)", environment: invocation.environment)
    defer { bar.finish() }
    let count = try archiver.run(upTo: filter.upTo) { bar.update($0 - filter.after, of: $1 - filter.after) }
    bar.finish()
    show(archiver.contents, folder, signer.key)
    return ExportedRange(records: count, last: archiver.position)
  }

  /// Streams lines; the bar goes by positions, as how many match is not known beforehand.
  private static func records(
    _ invocation: Invocation, _ connection: Connection, _ settings: ConnectionSettings, _ filter: LogFilter,
    _ output: String
  ) throws -> ExportedRange {
    var range = ExportedRange()
    let head = try LogReader(connection, ledger: invocation.ledger).head().position
    var filter = filter
    let last = min(filter.upTo ?? head, head)
    filter.upTo = last
    let file = output == "-" ? nil : try OutputFile(output)
    let bar = ProgressBar("Exporting \(invocation.ledger)", environment: invocation.environment)
    defer { bar.finish() }
    let reading = RangedReading(settings, workers: RangedReading.workersForAllCores)
    let source = RecordLines(connection, ledger: invocation.ledger, reading: reading)
    try source.stream(filter) { lines, count, position in
      range.records += Int64(count)
      range.last = position
      if let file { try file.write(lines) } else { Console.write(lines) }
      bar.update(position - filter.after, of: last - filter.after)
    }
    bar.update(last - filter.after, of: last - filter.after)
    try file?.finish()
    return range
  }

  /// Tells what a folder holds, and the key that its manifest was signed with.
  static func show(_ manifest: ExportManifest, _ folder: String, _ key: VerifierKey) {
    let bytes = manifest.segments.reduce(0) { $0 + $1.bytes }
    Console.print(
      """
      \(folder): \(manifest.ledger) \(manifest.first) to \(manifest.last) in \
      \(Count(manifest.segments.count, "segment")), \(Count(bytes, "byte")), root \(Hex.string(manifest.root))
      signed by \(key.text)
      """)
  }
}

import Archive
import Crypto
import DaybookClient
import Domain
import Exports
import Glibc
import Integrity
import Lifecycle
import Log
import Notary
import Postgres

/// `daybook verify`.
enum VerifyCommand {
  static func run(_ invocation: Invocation) async throws -> ExitCode {
    let expectation = try expectation(invocation)
    let books = try VerifyBooks(invocation)
    let options = try options(invocation)
    guard let settings = options.reading.connections else { return .usage }
    let bar = ProgressBar("Verifying \(invocation.ledger)", environment: invocation.environment)
    var report = try await blocking { try verified(invocation, settings, expectation, options, bar) }
    try await books.compare(&report)
    try show(report, invocation)
    if report.isClean { try keep(report, invocation) }
    return report.isClean ? .done : .failed
  }

  private static func verified(
    _ invocation: Invocation, _ settings: ConnectionSettings, _ expectation: Verification.Expectation?,
    _ options: VerificationOptions, _ bar: ProgressBar
  ) throws -> VerificationReport {
    defer { bar.finish() }
    let connection = try Connection(settings)
    defer { connection.close() }
    connection.callTimeout = nil
    do {
      return try Verification.run(
        connection, ledger: invocation.ledger, expectation: expectation, options: options
      ) { bar.update($0, of: $1) }
    } catch let error as ArchiveError {
      if error.code == .refused { throw UsageError(error.detail, invocation.command) }
      throw error
    }
  }

  static let description = CommandDescription(
    path: ["verify"], summary: "Recompute every hash and the root of a ledger from its values",
    discussion: """
      Reads the database itself, not the service. Every payload hash, personal hash, entry, sequence, identity, recorded
      time, cost line and root is recomputed; the first position that is wrong is named. Every checkpoint of the table is
      held against the notary's file outside the database, against the log's key and against the log, and the books' totals
      against the log's. With --checkpoint (a signed note that you kept), or --position and --root (which every append
      answers with), a log that was rewritten or cut off since cannot pass, whatever else was changed with it.

      --since begins behind a point that is proven: `last` where the latest verification that found nothing wrong ended, a
      position at the largest signed checkpoint up to it. Values in front of it are not read again, so a change to them
      since then is not seen; sequences and identities of the new events are held against the old ones. Where the log no
      longer gives that point's root, everything is read.

      Exit code 0: nothing is wrong. 1: something is. 2: the question was wrong. 3: the database is away.
      """,
    options: [
      CommonOptions.ledger,
      .value("--checkpoint", "FILE", "A signed checkpoint that the log must fit.", isRepeatable: true),
      .value(
        "--key", "VKEY", "A verifier key that must have signed, name+id+base64: the log's, a witness's.",
        usual: "the one in the file of checkpoints", isRepeatable: true),
      .value(
        "--checkpoints", "DIR", "Folder with the notary's files of checkpoints.", environment: "DAYBOOK_CHECKPOINTS",
        usual: "checkpoints in the data folder"),
      .value("--position", "N", "A position whose root you hold."),
      .value("--root", "HEX", "That root."),
      .value("--since", "POSITION", "Begin behind a signed checkpoint up to here, or `last`."),
      .value(
        "--record", "FILE", "File that keeps what was verified last, for --since last.",
        usual: "verified/LEDGER.json in the data folder"),
      .value(
        "--books", "WHICH", "none; totals: sums of every book; full: also every row, by a replay.", usual: "totals",
        allowed: VerifyBooks.Extent.allCases.map(\.rawValue)),
      .value("--workers", "N", "Connections that read at a time, 1 to 64.", usual: "one for each core"),
      CommonOptions.format,
    ] + CommonOptions.database,
    examples: [
      ("daybook verify", "The ledger main of this machine"),
      ("daybook verify --checkpoint kept.txt --key ledger.example/main+1c5d7e2a+AX…", "Against what you kept"),
      ("daybook verify --since last --format json", "What is new, for a nightly job"),
    ]
  ) { try await run($0) }
}

// MARK: - Options

extension VerifyCommand {
  private static func options(_ invocation: Invocation) throws -> VerificationOptions {
    var options = VerificationOptions()
    let given = try VerifyExportCommand.verifier(invocation)
    (options.keys, options.checkpoints) = (given.keys, given.checkpoints)
    options.checkpointFile = checkpointFile(invocation)
    options.since = try start(invocation)
    options.reading = RangedReading(
      ConnectionSettings(
        url: try invocation.database(), role: "daybook_auditor", applicationName: "daybook verify"),
      workers: Int(
        try invocation.integer("--workers", in: 1...Int64(RangedReading.workersAtMost))
          ?? Int64(RangedReading.workersForAllCores)))
    return options
  }

  /// The data folder is of this log where it was named, or its own database is verified.
  private static func isPlaced(_ invocation: Invocation) -> Bool {
    invocation["--data"] != nil || invocation["--database-url"] == nil
  }

  private static func checkpointFile(_ invocation: Invocation) -> String? {
    if let folder = invocation["--checkpoints"] {
      return CheckpointFile.path(folder: DataFolder(folder).path, ledger: invocation.ledger)
    }
    guard isPlaced(invocation) else { return nil }
    return CheckpointFile.path(folder: invocation.dataFolder.path("checkpoints"), ledger: invocation.ledger)
  }

  private static func recordFile(_ invocation: Invocation) -> String? {
    if let file = invocation["--record"] { return DataFolder(file).path }
    guard isPlaced(invocation) else { return nil }
    return invocation.dataFolder.path("verified/\(invocation.ledger).json")
  }

  private static func start(_ invocation: Invocation) throws -> VerificationStart? {
    guard let since = invocation["--since"] else { return nil }
    if let position = Int64(since), position > 0 { return .position(position) }
    guard since == "last" else {
      throw UsageError("--since takes a position from 1 on, or `last`", invocation.command)
    }
    guard let file = recordFile(invocation) else {
      throw UsageError("--since last needs --record or --data: nobody says where it is kept", invocation.command)
    }
    guard let text = AtomicFile.read(file) else {
      Console.tell("\(file) is not there: nothing was verified before, so everything is")
      return nil
    }
    guard let mark = (try? JSON(parsing: Array(text.utf8))).flatMap({ VerifiedMark($0) }) else {
      throw UsageError("\(file) does not hold what was verified last", invocation.command)
    }
    return .mark(mark)
  }

  private static func expectation(_ invocation: Invocation) throws(UsageError) -> Verification.Expectation? {
    let position = try invocation.integer("--position", in: 1...Int64.max)
    let root = invocation["--root"]
    guard let position, let root else {
      if position != nil || root != nil { throw UsageError("--position and --root go together", invocation.command) }
      return nil
    }
    guard let bytes = Hex.bytes(root), bytes.count == 32 else {
      throw UsageError("--root takes 64 hexadecimal digits", invocation.command)
    }
    return Verification.Expectation(position: position, root: bytes)
  }

  /// Keeps how far everything was right.
  private static func keep(_ report: VerificationReport, _ invocation: Invocation) throws {
    guard report.last > 0, let file = recordFile(invocation) else { return }
    let isAskedFor = invocation["--record"] != nil
    let mark = VerifiedMark(
      ledger: report.ledger, position: report.last, root: report.root, verifiedAt: Timestamp.now())
    if !isAskedFor {
      guard access(invocation.dataFolder.path, W_OK) == 0 else { return }
      try DataFolder(invocation.dataFolder.path("verified")).make()
    }
    try AtomicFile.write(String(decoding: mark.json.canonical, as: UTF8.self) + "\n", to: file)
  }
}

// MARK: - Output

extension VerifyCommand {
  private static func show(_ report: VerificationReport, _ invocation: Invocation) throws {
    let document = try JSONDocument(report.json.canonical).root
    let rows = document["findings"]?.elements ?? []
    if invocation.format == .table {
      for line in lines(report) { Console.print(DisplayWidth.harmless(line)) }
      if report.isClean {
        Console.print("Verified: every payload hash, entry and root is what the values give.")
        return
      }
      Console.print("NOT verified; first wrong position: \(report.findings[0].position)")
    }
    let columns = ["position", "kind", "detail"].map { RowWriter.Column($0) }
    Console.write(Array(invocation.rows.text(rows, columns: columns, whole: document).utf8))
  }

  private static func lines(_ report: VerificationReport) -> [String] {
    let erased = report.erased > 0 ? ", \(report.erased) erased" : ""
    let range = report.start.map { " from \($0.position + 1) to \(report.last)" } ?? ""
    var lines = ["\(Count(report.events, "event"))\(range)\(erased), root \(Hex.string(report.root))"]
    let checkpoints = report.checkpoints
    if !checkpoints.signedBy.isEmpty {
      var counts = ["\(checkpoints.table) in the table"]
      if let file = checkpoints.file { counts.append("\(file) in the file") }
      if checkpoints.own > 0 { counts.append("\(checkpoints.own) given") }
      lines.append(
        "signed up to \(checkpoints.signedTo) by \(checkpoints.signedBy.joined(separator: ", ")); checkpoints: "
          + counts.joined(separator: ", "))
    }
    if report.costs > 0 {
      lines.append("the cost of \(Count(report.costs, "completion")) is what the pinned prices say")
    }
    if !report.books.isEmpty { lines.append("compared with the log: \(report.books.joined(separator: ", "))") }
    return lines + report.erasures.lines + report.notices.map { "note: \($0)" }
  }
}

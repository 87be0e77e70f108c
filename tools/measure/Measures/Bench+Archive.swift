import Archive
import Crypto
import Exports
import Foundation
import Integrity
import Log
import Postgres

extension Bench {
  /// What an event takes in segments, and how fast a log goes out, is verified from files, and comes back.
  func measureArchive(_ events: Int64) async throws {
    say("Archive, export, verification and import of \(events) events")
    let folder = "\(settings.folder)/archive"
    try archive(to: folder)
    try measureExport()
    try measureFinanceExports()
    let verified = try timed { try ExportVerifier().verify(folder) }
    guard verified.value.isClean else { throw MeasureError("the archive does not verify") }
    let rate = Double(verified.value.events) / verified.seconds
    report.add(
      Report.Row(
        measure: "verify-export of segments", ours: "\(Int(rate)) events/s", against: "asked for", value: rate,
        unit: "/s", reach: 150_000, aim: 300_000, sense: .floor, rounds: [rate]))
    try await measureImport(folder)
  }

  private func archive(to folder: String) throws {
    let key = Ed25519PrivateKey.generate()
    guard let verifier = VerifierKey(name: "daybook/bench", kind: .ed25519, publicKey: key.publicKey) else { return }
    let connection = try deployment.connect()
    defer { connection.close() }
    let archiver = try LogArchiver(
      connection, ledger: "main", folder: folder, origin: "daybook/main",
      signer: NoteSigner(verifier) { key.sign($0) })
    let (count, seconds) = try timed { try archiver.run() }
    let files = try Self.bytes(in: folder, except: "personal")
    let personal = try Self.bytes(in: folder + "/personal", except: nil)
    let (each, whole) = (files / Double(count), (files + personal) / Double(count))
    report.add(
      Report.Row(
        measure: "bytes an event in segments", ours: "\(Report.text(each)) bytes",
        against: "\(Report.text(whole)) with personal parts", value: each, unit: " B", reach: 80, aim: 60,
        sense: .ceiling, rounds: [each, whole]))
    report.note("Archived \(count) events at \(Int(Double(count) / seconds))/s.")
  }

  /// Lines to nowhere: what Postgres and the program can do, whatever the disk does.
  private func measureExport() throws {
    let connection = try deployment.connect()
    defer { connection.close() }
    var rates: [Double] = []
    for _ in 0..<min(settings.rounds, 3) {
      var count = 0
      let (_, seconds) = try timed {
        let reading = RangedReading(deployment.connectionSettings, workers: RangedReading.workersForAllCores)
        try RecordLines(connection, ledger: "main", reading: reading).stream(LogFilter()) { _, events, _ in
          count += events
        }
      }
      rates.append(Double(count) / seconds)
    }
    report.add(
      Report.Row(
        measure: "export of records", ours: "\(Int(rates.median)) events/s", against: "asked for",
        value: rates.median, unit: "/s", reach: 200_000, aim: 300_000, sense: .floor, rounds: rates))
  }

  /// An import into a database of its own, against batches appended just before.
  private func measureImport(_ folder: String) async throws {
    let (seconds, first, last) = try await appender.append(settings.roundEvents)
    let appends = Double(last - first + 1) / seconds
    try deployment.cluster.createDatabase(named: "restored")
    let connection = try Connection(
      ConnectionSettings(url: deployment.cluster.settings(database: "restored").url, applicationName: "daybook bench")
    )
    defer { connection.close() }
    connection.callTimeout = nil
    _ = try Migrator.migrate(connection)
    let imported = try timed {
      try LogImporter.run(connection, folder, ledger: "main", verifier: ExportVerifier())
    }
    let rate = Double(imported.value.events) / imported.seconds
    report.add(
      Report.Row(
        measure: "import of segments", ours: "\(Int(rate)) events/s", against: "batch appends \(Int(appends))/s",
        value: rate / appends, unit: "", reach: 0.8, aim: 1.5, sense: .floor, rounds: [rate / appends]))
  }

  private func timed<Value>(_ body: () throws -> Value) rethrows -> (value: Value, seconds: Double) {
    let started = ContinuousClock.now
    let value = try body()
    return (value, (ContinuousClock.now - started).inSeconds)
  }

  private static func bytes(in folder: String, except: String?) throws -> Double {
    var sum = 0
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder) {
      if let except, path.hasPrefix(except + "/") { continue }
      let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/" + path)
      if attributes[.type] as? FileAttributeType == .typeRegular { sum += attributes[.size] as? Int ?? 0 }
    }
    return Double(sum)
  }
}

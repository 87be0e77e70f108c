import Domain
import Postgres
import Projections

/// What is done with books directly on the database.
enum BookDatabase {
  /// `replay --digest`.
  static func digest(_ invocation: Invocation, at point: String) async throws -> ExitCode {
    let settings = ConnectionSettings(url: try invocation.database(), applicationName: "daybook replay")
    let catalogue = try ProjectionCatalogue.load(extraFolders: invocation.all("--projections"))
    let books = BookQueries(settings, catalogue: catalogue) { Console.tell($0) }
    defer { Task { await books.close() } }
    let digest = try await books.digest(
      invocation.operand(0) ?? "", ledger: invocation.ledger, asOf: try replayPoint(point, invocation),
      fromSnapshot: !invocation.has("--from-scratch"))
    show(
      [
        .object([
          "ledger": .text(digest.ledger), "book": .text(digest.projection),
          "version": .integer(Int64(digest.version)),
          "position": .integer(digest.position), "rows": .integer(digest.rows), "sha256": .text(digest.sha256),
        ])
      ], invocation)
    return .done
  }

  /// `rebuild`.
  static func rebuild(_ invocation: Invocation) async throws -> ExitCode {
    let book = invocation.operand(0) ?? ""
    let settings = ConnectionSettings(url: try invocation.database(), applicationName: "daybook rebuild")
    let bar = ProgressBar("Rebuilding \(book)", environment: invocation.environment)
    defer { bar.finish() }
    var limits = ProjectorLimits()
    limits.snapshotInterval = try invocation.bookSnapshotInterval()
    let result = try await Rebuild.run(
      settings, projection: book, replacesDiffering: invocation.has("--replace-differing"), limits: limits,
      progress: { bar.update($0.posted, of: $0.total) }, tell: { Console.tell($0) })
    bar.finish()
    show(
      result.digests.map { digest in
        .object([
          "ledger": .text(digest.ledger), "book": .text(digest.projection),
          "version": .integer(Int64(result.version)),
          "position": .integer(digest.position), "rows": .integer(digest.rows), "sha256": .text(digest.sha256),
          "differed": .boolean(result.differing.contains(digest.ledger)),
        ])
      }, invocation)
    return .done
  }

  /// A position or a time.
  private static func replayPoint(_ text: String, _ invocation: Invocation) throws(UsageError) -> ReplayPoint {
    if let position = Int64(text), position >= 0 { return .position(position) }
    if let time = Timestamp(rfc3339: text) { return .time(time) }
    throw UsageError("--at takes a position or a time such as 2023-11-17T00:00:00Z", invocation.command)
  }

  private static func show(_ values: [JSON], _ invocation: Invocation) {
    let columns = ["ledger", "book", "version", "position", "rows", "sha256", "differed"]
      .filter { name in values.contains { $0[name] != nil } }.map { RowWriter.Column($0) }
    guard let document = try? JSONDocument(JSON.array(values).canonical) else { return }
    Console.write(Array(invocation.rows.text(document.root.elements, columns: columns).utf8))
  }
}

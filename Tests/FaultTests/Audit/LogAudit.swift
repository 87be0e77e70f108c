import DaybookClient
import Domain
import Testing

/// Reads the whole log over HTTP and holds it against its own rules and against what was acknowledged.
struct LogAudit {
  let records: [LogRecord]

  var head: Int64 { records.last?.position ?? 0 }

  /// Reads the log as NDJSON.
  init(_ daybook: Daybook) async throws {
    let answer = try await daybook.send(
      "GET", "events", query: [(name: "after", value: "0")], accept: "application/x-ndjson",
      retry: RetryPolicy(attempts: 60, longestDelay: .seconds(1), deadline: .seconds(60)))
    records = try answer.body.split(separator: 0x0A).map { line in
      try LogRecord(JSONDocument(Array(line), limits: JSONLimits(depth: 32)).root)
    }
  }

  /// Positions without gaps, identities once, subjects counted, time that does not run backwards.
  func checkRules(_ place: SourceLocation = #_sourceLocation) {
    #expect(records.map(\.position) == Array(1...max(1, Int64(records.count))), sourceLocation: place)
    var identities: Set<[String]> = []
    var sequences: [String: Int64] = [:]
    var recorded = Timestamp.earliest
    for record in records {
      let isNew = identities.insert([record.source, record.id]).inserted
      #expect(isNew, "\(record.id) stands twice", sourceLocation: place)
      let sequence = sequences[record.subject, default: 0] + 1
      #expect(record.sequence == sequence, "\(record.subject) at \(record.position)", sourceLocation: place)
      sequences[record.subject] = sequence
      #expect(record.recordedTime >= recorded, "time runs backwards at \(record.position)", sourceLocation: place)
      recorded = record.recordedTime
    }
  }

  /// Every acknowledged event is where its receipt says.
  func check(_ journal: Journal, _ place: SourceLocation = #_sourceLocation) {
    let acknowledged = journal.all
    var missing = acknowledged
    for record in records where record.source == "/faults" {
      guard let receipt = acknowledged[record.id] else { continue }
      missing[record.id] = nil
      #expect(receipt.position == record.position, "\(record.id)", sourceLocation: place)
      #expect(receipt.sequence == record.sequence, "\(record.id)", sourceLocation: place)
      #expect(receipt.recordedTime == record.recordedTime, "\(record.id)", sourceLocation: place)
    }
    #expect(missing.isEmpty, "acknowledged and lost: \(missing.keys.sorted().prefix(5))", sourceLocation: place)
  }

  /// What went through a spool is there once, in the order in which it was added.
  func check(spooled ids: [String], _ place: SourceLocation = #_sourceLocation) {
    let arrived = records.filter { $0.id.hasPrefix("spooled-") }.map(\.id)
    #expect(arrived.count == ids.count && arrived == ids, sourceLocation: place)
  }

  /// The book agrees with a recomputation from the records, to the last digit.
  func checkSpend(_ daybook: Daybook, _ place: SourceLocation = #_sourceLocation) async throws {
    let answer = try await FaultPlan.patiently {
      try await daybook.books("daily_spend", query: "by_key", minPosition: head)
    }
    var booked: [SpendOracle.Key: SpendOracle.Sums] = [:]
    for row in answer.rows { booked[SpendOracle.Key(row)] = SpendOracle.Sums(row) }
    let expected = SpendOracle.recompute(records)
    #expect(answer.position >= head, sourceLocation: place)
    let different = Set(booked.keys).union(expected.keys).filter { booked[$0] != expected[$0] }
    let first = different.first.map {
      "\($0): \(String(describing: booked[$0])), not \(String(describing: expected[$0]))"
    }
    #expect(different.isEmpty, "\(different.count) of \(expected.count) rows; \(first ?? "")", sourceLocation: place)
  }
}

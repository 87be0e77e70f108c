import Control
import Crypto
import Domain
import Foundation
import HTTP
import Integrity
import Log
import Postgres
import Projections

extension API {
  /// Records of one JSON page, if not asked for otherwise, and at most.
  static let pageDefault = 100
  static let pageLimit = 1000
  /// Records read at once for a stream, at first and at most.
  static let streamChunk = (first: 100, most: 1000)
  /// Bytes of payloads after which a page is full, whatever was asked for: events may take a few hundred bytes or 48
  /// KiB.
  static let pageBytes = 2 << 20
  /// Bytes of records that a stream reads at once, as far as the records before tell.
  static let streamChunkBytes = 1 << 20

  /// The ledger's settings and head.
  func describeLedger(_ call: Call) async throws -> HTTPResponse {
    let ledger = call.ledger
    let body = try await registry.writer(ledger).look { memory -> JSON in
      let settings = memory.state.settings
      return .object([
        "ledger": .text(ledger), "name": settings.map { .text($0.name) },
        "time_zone": settings.map { .text($0.timeZone) },
        "reporting_currency": settings.map { .text($0.reportingCurrency) },
        "head": .object([
          "position": .integer(memory.position), "root": .text(Hex.string(memory.edge.root)),
          "recordedtime": memory.recordedAt.map { .text($0.description) },
        ]),
      ])
    }
    return .json(200, body.canonical)
  }

  /// The log in order: a page, or a stream without an end but the head's.
  func readEvents(_ call: Call) async throws -> HTTPResponse {
    var query = try QueryReader(
      call.request, allowed: ["after", "limit", "type", "subject", "from", "to", "form", "as_of"])
    var filter = LogFilter()
    filter.after = try query.integer("after", in: 0...Int64.max) ?? 0
    let limit = try query.integer("limit", in: 1...Int64.max)
    filter.types = query.values("type")
    filter.subject = query.value("subject")
    filter.from = try query.timestamp("from")
    filter.to = try query.timestamp("to")
    let form = try query.oneOf("form", ["event", "export"])
    let asOf = try Self.replayPoint(query.value("as_of"))
    try query.finish()
    // A position read here bounds the answer, so that a reader of a busy log comes to an end.
    filter.upTo = try await end(of: call.ledger, asOf)
    if form == "export" {
      let ledger = call.ledger
      return stream(call, filter, limit: limit, asOf) { connection, page, size in
        try RecordLines(connection, ledger: ledger).page(page, limit: size)
      }
    }
    let accepted = call.accepts([.json, .cloudEventBatch, .ndjson])
    if accepted == .ndjson {
      let ledger = call.ledger
      return stream(call, filter, limit: limit, asOf) { connection, page, size in
        let events = try LogReader(connection, ledger: ledger).page(page, limit: size)
        var lines: [UInt8] = []
        for event in events {
          event.appendRecord(to: &lines)
          lines.append(0x0A)
        }
        return (lines, events.count, events.last?.position ?? 0)
      }
    }
    let size = Int(min(limit ?? Int64(Self.pageDefault), Int64(Self.pageLimit)))
    let ledger = call.ledger
    let (events, next) = try await readers.withConnection { [filter] connection in
      try Self.page(LogReader(connection, ledger: ledger), filter, limit: size)
    }
    noteRead(call, events: events)
    if accepted == .cloudEventBatch {
      return HTTPResponse(
        status: 200,
        headers: [("Content-Type", "application/cloudevents-batch+json")]
          + (next.map { [("Daybook-Next", String($0))] } ?? []) + Self.position(asOf, filter),
        body: .bytes(Self.batch(events)))
    }
    var body = Array("{".utf8)
    if let next { body += "\"next\":\(next),".utf8 }
    if asOf != nil, let position = filter.upTo { body += "\"position\":\(position),".utf8 }
    body += "\"records\":[".utf8
    for (index, event) in events.enumerated() {
      if index > 0 { body += ",".utf8 }
      event.appendRecord(to: &body)
    }
    body += "]}".utf8
    return .json(200, body)
  }

  /// Reads at most `limit` events, and none more once they take `pageBytes`; `next` where there may be more of them.
  static func page(
    _ reader: LogReader, _ filter: LogFilter, limit: Int
  ) throws -> (events: [RecordedEvent], next: Int64?) {
    var (filter, events, bytes) = (filter, [RecordedEvent](), 0)
    while events.count < limit && bytes < pageBytes {
      let fitting = events.isEmpty ? streamChunk.first : max(1, events.count * (pageBytes - bytes) / max(bytes, 1))
      let size = min(fitting, limit - events.count)
      let more = try reader.page(filter, limit: size)
      events += more
      for event in more { bytes += event.data.count + (event.personal?.count ?? 0) + (event.derived?.count ?? 0) }
      // What is not full has reached the head.
      guard more.count == size, let last = more.last else { return (events, nil) }
      filter.after = last.position
    }
    return (events, filter.after)
  }

  /// Reads at most so many lines of the events that match; answers how many there were, and the last one's position.
  private typealias LinePage =
    @Sendable (Connection, LogFilter, _ limit: Int) throws -> (lines: [UInt8], events: Int, last: Int64)

  /// Streams records a line each, in constant memory: a page is read, sent, and only then the next is read.
  private func stream(
    _ call: Call, _ filter: LogFilter, limit: Int64?, _ asOf: ReplayPoint?, _ read: @escaping LinePage
  ) -> HTTPResponse {
    HTTPResponse(
      status: 200, headers: [("Content-Type", "application/x-ndjson")] + Self.position(asOf, filter),
      body: .stream { [self] writer in
        noteRead(call, records: 0, isExport: true)
        var filter = filter
        var left = limit ?? Int64.max
        var chunk = Self.streamChunk.first
        while left > 0 {
          try await awaitStanding(call)
          let size = Int(min(Int64(chunk), left))
          let page = filter
          let (bytes, count, last) = try await readers.withConnection { try read($0, page, size) }
          if count > 0 {
            noteRead(call, records: count, range: (page.after + 1, last), isExport: true, isContinued: true)
            try await writer.write(bytes)
          }
          if count < size { return }
          filter.after = last
          left -= Int64(count)
          // Events may take a few hundred bytes or 48 KiB each; what is read at once must not differ as much.
          chunk = min(max(count * Self.streamChunkBytes / bytes.count, 1), Self.streamChunk.most)
        }
      })
  }

  /// One event.
  func readEvent(_ call: Call) async throws -> HTTPResponse {
    guard let position = Int64(call.parameter("position")), position > 0 else {
      throw RequestFault(.notFound, detail: "A position is a whole number from 1.")
    }
    let ledger = call.ledger
    _ = try registry.writer(ledger)
    let event = try await readers.withConnection { try LogReader($0, ledger: ledger).event(at: position) }
    guard let event else { throw RequestFault(.notFound, detail: "The log has no position \(position) yet.") }
    noteRead(call, events: [event])
    if call.accepts([.json, .cloudEvent]) == .cloudEvent {
      return HTTPResponse(
        status: 200, headers: [("Content-Type", "application/cloudevents+json")],
        body: .bytes(Self.cloudEvent(event)))
    }
    var body: [UInt8] = []
    event.appendRecord(to: &body)
    return .json(200, body)
  }

  private static func cloudEvent(_ event: RecordedEvent) -> [UInt8] {
    var bytes: [UInt8] = []
    event.appendCloudEvent(to: &bytes)
    return bytes
  }

  private static func batch(_ events: [RecordedEvent]) -> [UInt8] {
    var bytes: [UInt8] = [UInt8(ascii: "[")]
    for (index, event) in events.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      event.appendCloudEvent(to: &bytes)
    }
    bytes.append(UInt8(ascii: "]"))
    return bytes
  }

  /// The head as the database has it now.
  func head(_ ledger: String) async throws -> Int64 {
    _ = try registry.writer(ledger)
    return try await readers.withConnection { try LogReader($0, ledger: ledger).head().position }
  }
}

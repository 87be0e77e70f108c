import Control
import Domain
import Foundation
import HTTP
import Log
import Postgres

extension API {
  /// Between two heartbeats of a feed at most.
  static let heartbeat = Duration.milliseconds(300)
  /// Records read at once for a feed, at most.
  static let feedChunk = 200

  /// The log as server-sent events: what is there, then what comes. Resumes after `Last-Event-ID`.
  func followEvents(_ call: Call) async throws -> HTTPResponse {
    var query = try QueryReader(call.request, allowed: ["after", "type", "subject"])
    var filter = LogFilter()
    filter.types = query.values("type")
    filter.subject = query.value("subject")
    let asked = try query.integer("after", in: 0...Int64.max)
    try query.finish()
    if let last = call.request.header("Last-Event-ID") {
      guard let position = Int64(last), position >= 0 else {
        throw RequestFault(.invalidParameter, detail: "Last-Event-ID is no position.")
      }
      filter.after = position
    } else if let asked {
      filter.after = asked
    } else {
      filter.after = try await head(call.ledger)
    }
    let ledger = call.ledger
    _ = try registry.writer(ledger)
    return feed { [self, filter] writer in
      noteRead(call, records: 0)
      var filter = filter
      var saidAt = ContinuousClock.now - .seconds(1)
      while try await maySend(call) {
        let head = registry.heads.head(of: ledger)
        if let head, head.position > filter.after {
          let page = filter
          let upTo = head.position
          let (events, next) = try await readers.withConnection { connection in
            var bounded = page
            bounded.upTo = upTo
            return try Self.page(LogReader(connection, ledger: ledger), bounded, limit: Self.feedChunk)
          }
          if !events.isEmpty {
            noteRead(call, events: events, isContinued: true)
            try await writer.write(Self.messages(events))
            saidAt = .now
          }
          filter.after = next ?? upTo
          continue
        }
        if let head, ContinuousClock.now - saidAt >= Self.heartbeat {
          // Said only after the head was read lately: a feed must not pretend to be alive.
          if ContinuousClock.now - head.readAt < .seconds(1) {
            try await writer.write(Array("event: heartbeat\ndata: {\"position\":\(head.position)}\n\n".utf8))
          }
          saidAt = .now
        }
        await registry.heads.wait(for: ledger, beyond: filter.after, limit: Self.heartbeat)
      }
    }
  }

  /// The kill switches as server-sent events: the state, then the state after each change, and heartbeats that follow a read of
  /// the head, so that a guard knows how old its knowledge is.
  func followKillSwitches(_ call: Call) async throws -> HTTPResponse {
    let query = try QueryReader(call.request, allowed: [])
    try query.finish()
    let ledger = call.ledger
    let ledgerWriter = try registry.writer(ledger)
    return feed { [self] writer in
      var seen: Int64 = -1
      var sent: [KillSwitch]?
      while try await maySend(call) {
        let changes = ledgerWriter.board.current.controlChanges
        if let known = await switches(ledgerWriter) {
          let isNews = known.active != sent
          let body = JSON.object([
            "position": .integer(known.position), "age_ms": .integer(known.ageMilliseconds),
            "active": isNews ? try await described(known.active, in: ledger) : nil,
          ])
          let head = isNews ? "id: \(known.position)\nevent: state" : "event: heartbeat"
          try await writer.write(Array("\(head)\ndata: ".utf8) + body.canonical + [0x0A, 0x0A])
          (seen, sent) = (known.position, known.active)
        }
        // Heartbeats not more often than every 20 ms, however busy the log is; a change at once.
        await registry.changes.wait(for: ledger, beyond: changes, limit: .milliseconds(20))
        await registry.heads.wait(for: ledger, beyond: max(seen, 0), limit: Self.heartbeat - .milliseconds(20))
      }
    }
  }

  /// The active switches with the position that they are true at, and how long ago that was known to be the head.
  private func switches(_ writer: LedgerWriter) async -> (
    position: Int64, active: [KillSwitch], ageMilliseconds: Int64
  )? {
    let board = writer.board.current
    let head = registry.heads.head(of: writer.ledger)?.position ?? 0
    if let freshAt = board.freshAt, let control = board.control, board.position >= head {
      let age = ContinuousClock.now - freshAt
      if age < Self.heartbeat { return (board.position, control.activeKillSwitches, age.milliseconds) }
    }
    // The board is behind: ask the log. Without an answer nothing is said, and guards close.
    let asked = ContinuousClock.now
    let known = try? await writer.look { ($0.position, $0.state.activeKillSwitches) }
    return known.map { ($0.0, $0.1, (ContinuousClock.now - asked).milliseconds) }
  }

  private func feed(_ body: @escaping @Sendable (BodyWriter) async throws -> Void) -> HTTPResponse {
    HTTPResponse(
      status: 200,
      headers: [("Content-Type", "text/event-stream"), ("Cache-Control", "no-store"), ("X-Accel-Buffering", "no")],
      body: .stream(body))
  }

  private static func messages(_ events: [RecordedEvent]) -> [UInt8] {
    var bytes: [UInt8] = []
    for event in events {
      bytes += "id: \(event.position)\nevent: record\ndata: ".utf8
      event.appendRecord(to: &bytes)
      bytes += "\n\n".utf8
    }
    return bytes
  }
}

extension Duration {
  /// Whole milliseconds, rounded up.
  var milliseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
  }
}

import Domain
import Log
import Postgres
import Synchronization
import TestKit
import Testing

@testable import Archive

/// However many read, what is handed over is the same, and what goes wrong is heard.
@Suite struct RangedReadingTests {
  private struct Stop: Error {}

  private static func reading(_ settings: ConnectionSettings) -> RangedReading {
    var reading = RangedReading(settings, workers: 3)
    reading.rangeSize = 16
    return reading
  }

  private func lines(
    _ connection: Connection, _ filter: LogFilter, _ reading: RangedReading = .init()
  ) throws -> (bytes: [UInt8], events: Int, last: Int64) {
    var (bytes, events, last) = ([UInt8](), 0, Int64(0))
    try RecordLines(connection, ledger: "main", reading: reading).stream(filter) { lines, count, position in
      bytes += lines
      events += count
      last = position
    }
    #expect(connection.transactionStatus == .idle)
    return (bytes, events, last)
  }

  @Test func `lines are the same however many connections read them`() async throws {
    try await withDatabase { settings in
      try await FilledLedger.make(settings, completions: 200)
      let connection = try Connection(settings)
      defer { connection.close() }
      var (range, own, subject, beyond) = (LogFilter(), LogFilter(), LogFilter(), LogFilter())
      (range.after, range.upTo) = (37, 201)
      own.types = ["x.*"]
      subject.subject = "note/3"
      (beyond.after, beyond.upTo) = (251, 1 << 40)
      for (filter, count) in [(LogFilter(), 251), (range, 164), (own, 50), (subject, 7), (beyond, 0)] {
        let alone = try lines(connection, filter)
        let together = try lines(connection, filter, Self.reading(settings))
        #expect(alone == together && alone.events == count)
        #expect(alone.bytes.count { $0 == 0x0A } == count)
      }
    }
  }

  @Test func `completions of unknown cost can be left out, and nothing else is`() async throws {
    try await withDatabase { settings in
      try await FilledLedger.make(settings, completions: 200)
      let connection = try Connection(settings)
      defer { connection.close() }
      try connection.execute("ALTER TABLE daybook.events DISABLE TRIGGER USER")
      try connection.execute(
        """
        UPDATE daybook.events SET derived = derived || '{"cost": {"amount": "1", "currency": "USD"}}'
        WHERE type = 'completion.recorded' AND position % 4 = 0
        """)
      var priced = LogFilter()
      priced.leavesOutUnpriced = true
      #expect(!priced.isByPositionOnly)
      let positions = try LogReader(connection, ledger: "main").page(priced, limit: 1000).map(\.position)
      #expect(positions == (1...251).filter { $0 > 200 || $0.isMultiple(of: 4) })
      #expect(try lines(connection, priced, Self.reading(settings)).events == 101)
    }
  }

  /// An erasure that is carried out meanwhile is in all of an export or in none of it.
  @Test func `all connections see one snapshot`() async throws {
    try await withDatabase { settings in
      try await FilledLedger.make(settings, completions: 200)
      let connection = try Connection(settings)
      let other = try Connection(settings)
      defer { [connection, other].forEach { $0.close() } }
      let before = try lines(connection, LogFilter())
      try other.execute("ALTER TABLE daybook.events DISABLE TRIGGER USER")
      var bytes: [UInt8] = []
      let source = RecordLines(connection, ledger: "main", reading: Self.reading(settings))
      try source.stream(LogFilter()) { lines, _, _ in
        if bytes.isEmpty { try other.execute("UPDATE daybook.events SET personal = NULL, salt = NULL") }
        bytes += lines
      }
      #expect(bytes == before.bytes)
      #expect(try lines(connection, LogFilter()).bytes.count < before.bytes.count)
    }
  }

  /// What was read ahead when it ended once ended the process: a semaphore was let go below the value it was made with.
  @Test func `what a reader or a taker throws ends the work, whatever was read ahead`() async throws {
    try await withDatabase { settings in
      try await FilledLedger.make(settings, completions: 200)
      let connection = try Connection(settings)
      defer { connection.close() }
      for (failsReading, failsTaking) in [(true, false), (false, true)] {
        let taken = Mutex<[Int64]>([])
        try connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        #expect(throws: Stop.self) {
          try Self.reading(settings).read(
            connection, ledger: "main", after: 0, upTo: 251,
            by: { _ in
              { range in
                if failsReading && range.after == 80 { throw Stop() }
                return range.upTo
              }
            }
          ) { upTo in
            if failsTaking && upTo == 96 { throw Stop() }
            taken.withLock { $0.append(upTo) }
          }
        }
        let parts = taken.withLock { $0 }
        #expect(parts == Array([16, 32, 48, 64, 80].prefix(parts.count)))
        #expect(failsReading || parts.count == 5)
        try connection.execute("ROLLBACK")
      }
    }
  }

  @Test func `a connection that cannot be opened is told`() async throws {
    try await withDatabase { settings in
      try await FilledLedger.make(settings, completions: 20)
      let connection = try Connection(settings)
      defer { connection.close() }
      var others = settings
      others.role = "nobody of that name"
      #expect(throws: PostgresError.self) { try lines(connection, LogFilter(), Self.reading(others)) }
      #expect(try lines(connection, LogFilter()).events == 71)
    }
  }
}

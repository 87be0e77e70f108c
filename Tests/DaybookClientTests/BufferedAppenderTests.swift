import Domain
import Foundation
import Synchronization
import TestKit
import Testing

@testable import DaybookClient

@Suite(.timeLimit(.minutes(5)))
struct BufferedAppenderTests {
  static let quick = RetryPolicy(firstDelay: .milliseconds(2), longestDelay: .milliseconds(20))

  private func options(
    _ durability: BufferedAppenderOptions.Durability, batch: Int = 7,
    _ change: (inout BufferedAppenderOptions) -> Void = { _ in }
  ) -> BufferedAppenderOptions {
    var options = BufferedAppenderOptions(durability: durability, batchEvents: batch, retry: Self.quick)
    change(&options)
    return options
  }

  @Test("Through seeded faults of every kind, all events arrive once and in order", arguments: 1...6, [true, false])
  func faults(seed: Int, onDisk: Bool) async throws {
    var random = SeededRandom(seed)
    let ledger = FakeLedger()
    let folder = SpoolFolder()
    let appender = try await BufferedAppender(
      ledger.client { $0.timeout = .milliseconds(200) },
      options(onDisk ? .disk(folder: folder.path) : .memory))
    for number in 0..<120 {
      if random.next() % 8 == 0 {
        ledger.fail(with: [FakeLedger.Fault.allCases.randomElement(using: &random)!])
      }
      try await appender.add(note(number))
    }
    try await appender.flush()
    #expect(ledger.taken.map(\.subject) == (0..<120).map { "note/\($0)" }, "seed \(seed)")
    let statistics = appender.statistics
    #expect(statistics.delivered == 120 && statistics.pending == 0 && statistics.refused == 0)
    #expect(try await appender.close() == 0)
    if onDisk { #expect(folder.segments.isEmpty) }
  }

  @Test("What could not be delivered waits for the next process and arrives in order before what is new")
  func outage() async throws {
    let ledger = FakeLedger()
    let folder = SpoolFolder()
    let client = try ledger.client()
    ledger.server.pause()
    let first = try await BufferedAppender(client, options(.disk(folder: folder.path)))
    try await first.add((0..<20).map { note($0) })
    #expect(try await first.close(deadline: .milliseconds(50)) == 20)
    let second = try await BufferedAppender(client, options(.disk(folder: folder.path)))
    #expect(second.statistics.recovered == 20)
    try await second.add(note(20))
    #expect(second.statistics.pending == 21)
    ledger.server.resume()
    try await second.flush()
    #expect(ledger.taken.map(\.subject) == (0...20).map { "note/\($0)" })
    try await second.close()
  }

  @Test("What the ledger will never take is kept with its reason, and the rest arrives", arguments: [true, false])
  func refusals(namesIndices: Bool) async throws {
    let ledger = FakeLedger(namesIndices: namesIndices)
    let folder = SpoolFolder()
    let refused = Mutex<[String]>([])
    let appender = try await BufferedAppender(
      ledger.client(), options(.disk(folder: folder.path), batch: 20),
      onRefused: { event in refused.withLock { $0.append(event.id ?? "") } })
    let bad: Set<Int> = [0, 3, 4, 17, 39]
    let events = (0..<40).map { note($0, type: bad.contains($0) ? "x.bad" : "x.note", id: "e\($0)") }
    try await appender.add(events)
    try await appender.flush()
    #expect(ledger.taken.map(\.id) == (0..<40).filter { !bad.contains($0) }.map { "e\($0)" })
    #expect(refused.withLock { $0 } == bad.sorted().map { "e\($0)" })
    #expect(appender.statistics.refused == 5)
    try await appender.close()
    let lines = folder.read("refused.ndjson").split(separator: 0x0A)
    let ids = try lines.map { try JSONDocument(Array($0)).root["event"]?["id"]?.string }
    #expect(ids == bad.sorted().map { "e\($0)" })
  }

  @Test("A key that may not append holds everything back and loses nothing")
  func held() async throws {
    let ledger = FakeLedger()
    let folder = SpoolFolder()
    let wrong = try Daybook(url: ledger.server.url, key: "wrong")
    let first = try await BufferedAppender(wrong, options(.disk(folder: folder.path)))
    try await first.add((0..<5).map { note($0) })
    while first.statistics.failedRequests < 2 { try await Task.sleep(for: .milliseconds(5)) }
    #expect(first.statistics.lastError?.code == .unauthorised)
    #expect(try await first.close(deadline: .milliseconds(10)) == 5)
    let second = try await BufferedAppender(ledger.client(), options(.disk(folder: folder.path)))
    try await second.flush()
    #expect(ledger.taken.count == 5)
    try await second.close()
  }

  @Test("A full buffer refuses, or waits where it was asked to, and recovers")
  func full() async throws {
    let ledger = FakeLedger()
    let client = try ledger.client()
    ledger.server.pause()
    let folder = SpoolFolder()
    let large = (0..<200).map { number in
      Event(
        CustomEvent("x.large", data: .object(["t": .text(String(repeating: "x", count: 20_000))])),
        subject: "note/\(number)")
    }
    let refusing = try await BufferedAppender(
      client, options(.file(folder: folder.path)) { $0.maximumBytes = 1 << 20 })
    let error = await #expect(throws: DaybookError.self) {
      for event in large { try await refusing.add(event) }
    }
    #expect(error?.code == .spoolFull)
    let waiting = Int(refusing.statistics.pending)
    #expect((40...52).contains(waiting))
    #expect(try await refusing.close(deadline: .zero) == waiting)
    let patient = try await BufferedAppender(
      client,
      options(.file(folder: folder.path)) {
        $0.maximumBytes = 1 << 20
        $0.whenFull = .wait
      })
    let adding = Task { for event in large[waiting...] { try await patient.add(event) } }
    try await Task.sleep(for: .milliseconds(30))
    ledger.server.resume()
    try await adding.value
    try await patient.flush()
    #expect(ledger.taken.map(\.subject) == (0..<200).map { "note/\($0)" })
    try await patient.close()
  }

  @Test("Events in memory are bounded, and their loss at closing is an error")
  func memory() async throws {
    let ledger = FakeLedger()
    let client = try ledger.client()
    ledger.server.pause()
    let appender = try await BufferedAppender(client, options(.memory) { $0.maximumQueuedEvents = 10 })
    try await appender.add((0..<10).map { note($0) })
    let full = await #expect(throws: DaybookError.self) { try await appender.add(note(10)) }
    #expect(full?.code == .queueFull)
    let lost = await #expect(throws: DaybookError.self) { try await appender.close(deadline: .milliseconds(20)) }
    #expect(lost?.code == .undelivered)
    let closed = await #expect(throws: DaybookError.self) { try await appender.add(note(11)) }
    #expect(closed?.code == .closed)
  }

  @Test("What the catalogue does not allow is refused when it is added")
  func invalid() async throws {
    let ledger = FakeLedger()
    let appender = try await BufferedAppender(ledger.client(), options(.memory))
    let bad = Event(
      CompletionRecorded(
        operation: "has space", model: "m", provider: "p", usage: Usage(inputTokens: -1), latencyMilliseconds: 1),
      subject: "other/1")
    let error = await #expect(throws: DaybookError.self) { try await appender.add([note(1), bad]) }
    #expect(error?.code == .invalidEvent)
    #expect(
      Set(error?.faults.map(\.pointer) ?? []) == ["/subject", "/data/operation", "/data/usage/input_tokens"])
    #expect(appender.statistics.added == 0)
    try await appender.close()
  }

  @Test("Many adders share the disk: each one's events stay in its order", arguments: [true, false])
  func concurrent(onDisk: Bool) async throws {
    let ledger = FakeLedger()
    let folder = SpoolFolder()
    let appender = try await BufferedAppender(
      ledger.client(), options(onDisk ? .disk(folder: folder.path) : .memory, batch: 100))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for adder in 0..<8 {
        group.addTask {
          for number in 0..<50 { try await appender.add(note(adder * 1000 + number)) }
        }
      }
      try await group.waitForAll()
    }
    try await appender.flush()
    let numbers = ledger.taken.compactMap { Int($0.subject.dropFirst(5)) }
    #expect(Set(numbers).count == 400)
    for adder in 0..<8 {
      #expect(numbers.filter { $0 / 1000 == adder } == (0..<50).map { adder * 1000 + $0 })
    }
    try await appender.close()
  }
}

import Domain
import TestKit
import Testing

@testable import DaybookClient

@Suite(.timeLimit(.minutes(5)))
struct AppendTests {
  @Test("An append answers with a receipt for each event and with the head")
  func receipts() async throws {
    let ledger = FakeLedger()
    let result = try await ledger.client().append((1...3).map { note($0) })
    #expect(result.receipts.map(\.position) == [1, 2, 3])
    #expect(result.head == LedgerHead(position: 3, root: "cm9vdA=="))
    #expect(result.receipts[0].recordedTime.description == "2026-01-01T00:00:00.000000Z")
    #expect(result.attempts == 1)
    #expect(ledger.taken.map(\.data) == [#"{"n":1}"#, #"{"n":2}"#, #"{"n":3}"#])
  }

  @Test(
    "After any fault the same ids are sent again, and each event is recorded once",
    arguments: FakeLedger.Fault.allCases, [false, true])
  func faults(_ fault: FakeLedger.Fault, usesURLSession: Bool) async throws {
    let ledger = FakeLedger(faults: [fault, fault])
    let events = (1...5).map { note($0) }
    // Only who has to grow impatient does; a busy machine may make it so once more.
    let patience: Duration = fault == .slow ? .milliseconds(500) : .seconds(20)
    let client = try ledger.client(usesURLSession: usesURLSession) { $0.timeout = patience }
    let result = try await client.append(events)
    #expect(fault == .slow ? result.attempts >= 3 : result.attempts == 3)
    #expect(ledger.taken.map(\.id) == events.map(\.id))
    #expect(result.receipts.map(\.id) == events.map(\.id))
  }

  @Test("When retries are exhausted the error says that trying again makes sense, and whether the outcome is known")
  func exhausted() async throws {
    let ledger = FakeLedger(faults: [.cutAfter, .unavailable, .unavailable])
    let client = try ledger.client { $0.retry = RetryPolicy(attempts: 3, firstDelay: .milliseconds(1)) }
    let error = await #expect(throws: DaybookError.self) { try await client.append(note(1)) }
    #expect(error?.code == .unavailable)
    #expect(error?.isRetryable == true)
    #expect(error?.outcomeIsUnknown == true)
  }

  @Test("A refusal names problem, event and pointer, and is not tried again")
  func refusal() async throws {
    let ledger = FakeLedger()
    let error = await #expect(throws: DaybookError.self) {
      try await ledger.client().append([note(1), note(2, type: "x.bad")])
    }
    #expect(error?.code == .invalid)
    #expect(error?.problem == "invalid")
    #expect(error?.faults == [ValidationFault(index: 1, pointer: "/data", code: "type", detail: "bad")])
    #expect(error?.isRetryable == false)
    #expect(ledger.server.requests.count == 1)
    #expect(ledger.taken.isEmpty)
  }

  @Test("Batches beyond the ledger's bounds are refused before they are sent")
  func bounds() async throws {
    let ledger = FakeLedger()
    let client = try ledger.client()
    let many = await #expect(throws: DaybookError.self) {
      try await client.append([Event](repeating: note(1), count: 10_001))
    }
    #expect(many?.code == .batchTooLarge)
    let text = String(repeating: "x", count: 48_000)
    let large = Event(CustomEvent("x.large", data: .object(["t": .text(text)])), subject: "s")
    let heavy = await #expect(throws: DaybookError.self) {
      try await client.append([Event](repeating: large, count: 360))
    }
    #expect(heavy?.code == .batchTooLarge)
    let over = Event(CustomEvent("x.large", data: .object(["t": .text(text + text)])), subject: "s")
    let invalid = await #expect(throws: DaybookError.self) { try await client.append([note(1), over]) }
    #expect(invalid?.code == .invalidEvent)
    #expect(invalid?.faults.first?.index == 1)
    #expect(invalid?.faults.first?.pointer == "/data")
    #expect(ledger.server.requests.isEmpty)
  }

  @Test("Retry-After is honoured")
  func retryAfter() async throws {
    let server = LocalServer { _ in .answer(429, headers: ["Retry-After": "7"], body: "{}") }
    let client = try Daybook(
      url: server.url, key: "k",
      configuration: DaybookConfiguration(retry: RetryPolicy(attempts: 5, deadline: .seconds(2))))
    let clock = ContinuousClock()
    let start = clock.now
    let error = await #expect(throws: DaybookError.self) { try await client.append(note(1)) }
    #expect(error?.code == .overloaded)
    #expect(error?.retryAfter == .seconds(7))
    // Seven seconds do not fit under the deadline, so nothing is tried before they are over.
    #expect(server.requests.count == 1)
    #expect(clock.now - start < .seconds(7))
  }

  @Test("Cancelling a task ends its append at once")
  func cancelling() async throws {
    let server = LocalServer { _ in .late(30_000, .cut) }
    let client = try Daybook(url: server.url, key: "k")
    let task = Task { try await client.append(note(1)) }
    while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
    let start = ContinuousClock.now
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(ContinuousClock.now - start < .seconds(25))
  }
}

import Control
import DaybookClient
import Domain
import Lifecycle

/// Imports the demo's trace through the client module, and reads from the books what it cost.
struct DemoImport: Sendable {
  /// Events a request.
  private static let batch = 500
  /// Requests in flight.
  private static let inFlight = 4
  /// How long the books may take to catch up with the import.
  private static let bookBound: Duration = .seconds(120)
  private static let day = "2023-11-16"

  private let trace: DemoTrace
  private let tiers: Tiers
  private let daybook: Daybook
  private let environment: [String: String]

  init(_ trace: DemoTrace, tiers: Tiers, url: String, keyFile: String, _ environment: [String: String]) throws {
    self.trace = trace
    self.tiers = tiers
    self.environment = environment
    guard let key = AtomicFile.read(keyFile)?.trimmed ?? environment["DAYBOOK_KEY"] else {
      throw UsageError(
        "--demo needs a key: \(keyFile) is not there, as another copy made the first one; set DAYBOOK_KEY")
    }
    daybook = try Daybook(
      url: url, key: key,
      configuration: DaybookConfiguration(source: DemoEvents.source, retry: RetryPolicy(deadline: .seconds(60))))
  }

  /// Imports everything that is not there yet; answers the totals for people, or nil when the end was asked for first.
  func run(_ shutdown: GracefulShutdown) async throws -> String? {
    let missing = DemoPrices.missing(from: try await daybook.prices().rows)
    if !missing.isEmpty { _ = try await daybook.send("POST", "prices", json: .object(["prices": .array(missing)])) }
    try await DemoSetup(daybook: daybook, tiers: tiers).run()
    var position: Int64 = 0
    let bar = ProgressBar("Importing the trace", environment: environment)
    var done: Int64 = 0
    try await withThrowingTaskGroup(of: AppendResult.self) { group in
      var batches = DemoBatches(trace, size: Self.batch)
      var running = 0
      func take(_ result: AppendResult) {
        position = max(position, result.head.position)
        done += Int64(result.receipts.count)
        bar.update(done, of: trace.events)
        running -= 1
      }
      while !shutdown.isRequested, let events = batches.next() {
        if running == Self.inFlight, let result = try await group.next() { take(result) }
        group.addTask { try await daybook.append(events) }
        running += 1
      }
      while let result = try await group.next() { take(result) }
    }
    bar.finish()
    if shutdown.isRequested { return nil }
    return try await totals(position, shutdown)
  }

  /// Waits until the book reflects the import, and shows the day.
  private func totals(_ position: Int64, _ shutdown: GracefulShutdown) async throws -> String? {
    let deadline = ContinuousClock.now + Self.bookBound
    let query = [
      (name: "from", value: Self.day), (name: "to", value: Self.day), (name: "group_by", value: "operation"),
      (name: "min_position", value: String(position)),
    ]
    while !shutdown.isRequested {
      do {
        let answer = try await daybook.send("GET", "books/daily_spend", query: query, retry: .never).json()
        return try DemoTotals.text(answer, day: Self.day)
      } catch let error as DaybookError where error.isRetryable && ContinuousClock.now < deadline {
        _ = await shutdown.isRequested(within: .milliseconds(200))
      }
    }
    return nil
  }
}

/// The events of the trace in batches, file after file.
struct DemoBatches {
  private let trace: DemoTrace
  private let requests: Int
  private var file = 0
  private var row = 0

  init(_ trace: DemoTrace, size: Int) {
    self.trace = trace
    requests = max(1, size / 2)
  }

  /// The next batch; nil at the end.
  mutating func next() -> [Event]? {
    while file < trace.files.count {
      let current = trace.files[file]
      let slice = current.requests[row..<min(row + requests, current.requests.count)]
      if slice.isEmpty {
        file += 1
        row = 0
        continue
      }
      row += slice.count
      return slice.flatMap { DemoEvents.events($0, of: current) }
    }
    return nil
  }
}

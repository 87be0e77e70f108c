internal import Domain
internal import Synchronization

/// Takes events from the keeper, in order, one request at a time, until it is cancelled.
///
/// One request in flight is what keeps the order: with two, the second could be recorded while the first fails.
struct AppenderSender: Sendable {
  let daybook: Daybook
  let options: BufferedAppenderOptions
  let state: AppenderState
  let keeper: AppenderKeeper
  let onRefused: (@Sendable (RefusedEvent) -> Void)?

  /// Sends what waits, and then whatever is written.
  func run() async {
    let (wakes, wake) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    state.onWritten.withLock { $0 = { wake.yield() } }
    wake.yield()
    do {
      for await _ in wakes {
        if options.linger > .zero { try await Task.sleep(for: options.linger) }
        while try await deliverNext() {}
      }
    } catch let error as DaybookError {
      state.fail(error)
    } catch {
      // Cancelled: the appender is closing.
    }
  }

  /// Delivers one batch; false where nothing waits.
  private func deliverNext() async throws -> Bool {
    let batch = try await keeper.first(events: options.batchEvents, bytes: options.batchBytes)
    guard !batch.isEmpty else { return false }
    var refusals: [Int: DaybookError] = [:]
    var from = 0
    var size = batch.count
    var failures = 0
    while from < batch.count {
      try Task.checkCancellation()
      let range = from..<min(from + size, batch.count)
      let live = range.filter { refusals[$0] == nil }
      do {
        try await post(live.map { batch[$0] })
        failures = 0
        try await settle(range, batch, refusals)
        from = range.upperBound
        size = min(size * 2, batch.count)
      } catch let error as DaybookError {
        failures += 1
        try await recover(from: error, live, range, &refusals, &size, failures)
      }
    }
    return true
  }

  private func post(_ events: [[UInt8]]) async throws {
    guard !events.isEmpty else { return }
    var body: [UInt8] = []
    body.reserveCapacity(events.reduce(2) { $0 + $1.count + 1 })
    body.append(0x5B)
    for (index, event) in events.enumerated() {
      if index > 0 { body.append(0x2C) }
      body.append(contentsOf: event)
    }
    body.append(0x5D)
    do {
      let result = try await daybook.append(body: body, count: events.count, retry: .never)
      state.count { statistics in
        statistics.requests += 1
        statistics.duplicates += Int64(result.receipts.count { $0.isDuplicate })
        statistics.head = result.head
        statistics.lastError = nil
      }
    } catch let error as DaybookError {
      state.count { statistics in
        statistics.failedRequests += 1
        statistics.lastError = error
      }
      throw error
    }
  }

  private func settle(_ range: Range<Int>, _ batch: [[UInt8]], _ refusals: [Int: DaybookError]) async throws {
    let refused = range.compactMap { index in
      refusals[index].map { RefusedEvent(event: batch[index], reason: $0, time: Moment.now) }
    }
    do {
      try await keeper.settle(range.count, refused: refused)
    } catch {
      // A spool that cannot note its progress would refuse or send the same for ever.
      state.fail(error)
      throw CancellationError()
    }
    state.count { statistics in
      statistics.delivered += Int64(range.count - refused.count)
      statistics.refused += Int64(refused.count)
    }
    for event in refused { onRefused?(event) }
    state.settled.advance(by: range.count)
  }

  private func recover(
    from error: DaybookError, _ live: [Int], _ range: Range<Int>, _ refusals: inout [Int: DaybookError],
    _ size: inout Int, _ failures: Int
  ) async throws {
    let plan = RefusalPlan(error, count: live.count, hasDelivered: state.statistics.delivered > 0)
    switch plan {
    case .refuse(let places):
      for place in places {
        var reason = error
        if live.count > 1 { reason.faults = error.faults.filter { $0.index == place } }
        refusals[live[place]] = reason
      }
    case .split: size = max(1, range.count / 2)
    case .again, .hold:
      let wait = options.retry.delay(
        before: plan == .hold ? 64 : failures + 1, retryAfter: error.retryAfter, fraction: .random(in: 0..<1))
      try await Task.sleep(for: wait)
    }
  }
}

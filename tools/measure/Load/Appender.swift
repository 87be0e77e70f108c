import DaybookClient

/// Appends completions through the client module, as a service would.
struct Appender: Sendable {
  let client: Daybook
  let completions: Completions

  /// Appends `count` events in requests of 500, four in flight; they are made beforehand, outside of the time that counts.
  ///
  /// - Returns: the seconds it took, and the first and last position.
  func append(_ count: Int) async throws -> (seconds: Double, first: Int64, last: Int64) {
    let requests = (0..<(count / Settings.batch)).map { _ in completions.next(Settings.batch) }
    let next = Shared(0)
    let bounds = Shared<(first: Int64, last: Int64)>((.max, 0))
    let started = ContinuousClock.now
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<Settings.inFlight {
        group.addTask {
          while true {
            let index = next.withLock { next in
              defer { next += 1 }
              return next
            }
            guard index < requests.count else { return }
            let receipts = try await client.append(requests[index]).receipts
            bounds.withLock { bounds in
              for receipt in receipts {
                bounds.first = min(bounds.first, receipt.position)
                bounds.last = max(bounds.last, receipt.position)
              }
            }
          }
        }
      }
      try await group.waitForAll()
    }
    let (first, last) = bounds.withLock { $0 }
    return ((ContinuousClock.now - started).inSeconds, first, last)
  }

  /// Appends until the log holds `target` events, or time is up; answers how many it holds.
  func grow(to target: Int64, within bound: Duration) async throws -> Int64 {
    let deadline = ContinuousClock.now + bound
    var head = try await client.append(completions.next(1)).head.position
    while head < target, ContinuousClock.now < deadline {
      let missing = Int(min(target - head, 50_000))
      head = try await append(max(Settings.batch, missing)).last
    }
    return head
  }
}

extension Duration {
  var inSeconds: Double { self / .seconds(1) }
}

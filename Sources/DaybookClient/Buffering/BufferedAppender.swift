internal import Domain

/// Takes events at once and delivers them in order, however long the ledger is away.
///
/// With `durability: .disk`, an event is on the disk before `add` returns, survives the process and an outage, and is
/// sent again under the same id until the ledger has it, which records it once. Events are delivered in the order in
/// which `add` returned, in batches, one request at a time. An event that the ledger will never take does not hold up
/// the others: it goes to the spool's file `refused.ndjson` with the reason, and to the callback. That file gets an event
/// once, or a second time where the process dies between writing it and noting the progress.
///
/// A spool belongs to one ledger and, at a time, to one appender.
public final class BufferedAppender: Sendable {
  private let daybook: Daybook
  private let state: AppenderState
  private let keeper: AppenderKeeper
  private let sender: Task<Void, Never>
  private let options: BufferedAppenderOptions

  /// Opens a spool, begins to deliver what waits in it, and takes new events.
  ///
  /// - Parameters:
  ///   - daybook: Where to deliver to.
  ///   - options: Where events wait, how many may, and how they are sent.
  ///   - onRefused: Told of each event that the ledger will never take, after it was kept in `refused.ndjson`.
  /// - Throws: ``DaybookError``: `spoolInUse`, `spoolCorrupt` with file and offset, `spoolFailed`, `configuration`.
  public init(
    _ daybook: Daybook, _ options: BufferedAppenderOptions,
    onRefused: (@Sendable (RefusedEvent) -> Void)? = nil
  ) async throws {
    self.daybook = daybook
    self.options = options
    state = AppenderState(options)
    keeper = AppenderKeeper(state)
    try await keeper.open(options, ledger: daybook.ledger)
    let runner = AppenderSender(
      daybook: daybook, options: options, state: state, keeper: keeper, onRefused: onRefused)
    sender = Task { await runner.run() }
  }

  deinit { sender.cancel() }

  /// Adds an event; see ``add(_:)-([Event])``.
  public func add(_ event: Event) async throws { try await add([event]) }

  /// Adds events, all or none, and returns when they are as durable as was asked for.
  ///
  /// What the catalogue does not allow is refused at once, with all faults.
  /// Not cancelled halfway: once it waits for the disk it returns with the outcome.
  ///
  /// - Throws: ``DaybookError``: `invalidEvent`, `queueFull`, `spoolFull`, `spoolFailed`, `closed`. `CancellationError` while
  ///   it waits for room.
  public func add(_ events: [Event]) async throws {
    guard !events.isEmpty else { return }
    let encoded = try events.map(encode)
    while true {
      let progress = state.settled.count
      do {
        return try await write(encoded)
      } catch let error as DaybookError
        where options.whenFull == .wait && (error.code == .queueFull || error.code == .spoolFull)
      {
        // Where nothing is left to be delivered, no waiting makes room.
        guard !state.isIdle || state.settled.count > progress else { throw error }
        try await state.settled.wait(for: progress + 1)
      }
    }
  }

  private func encode(_ event: Event) throws(DaybookError) -> [UInt8] {
    let source = event.source ?? daybook.configuration.source
    try event.validate(source: source)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(event.data.count + 320)
    event.appendCloudEvent(to: &bytes, source: source)
    do {
      // Better told now than in a file of refused events, when nobody remembers.
      _ = try CloudEvents.read(event: bytes)
    } catch {
      throw DaybookError(.invalidEvent, "the catalogue does not allow this event", faults: error.faults)
    }
    return bytes
  }

  private func write(_ events: [[UInt8]]) async throws {
    try await withCheckedThrowingContinuation { adder in
      switch state.admit(events, adder) {
      case .wait: break
      case .wake: Task { [keeper] in await keeper.drain() }
      case .refuse(let error): adder.resume(throwing: error)
      }
    }
  }

  /// Waits until all events that were added before are delivered or refused.
  ///
  /// - Throws: ``DaybookError`` where the appender failed or was closed; `CancellationError`.
  public func flush() async throws {
    let statistics = state.statistics
    try await state.settled.wait(for: statistics.recovered + statistics.added)
  }

  /// What was done since the appender was opened.
  public var statistics: AppenderStatistics { state.statistics }

  /// Takes no more events, goes on delivering until nothing is left or the deadline has passed, and lets go of the spool.
  ///
  /// - Returns: How many events wait in the spool for the next process.
  /// - Throws: ``DaybookError`` with `undelivered` where they were in memory only and are lost now.
  @discardableResult
  public func close(deadline: Duration = .seconds(10)) async throws -> Int {
    guard state.close() else { return 0 }
    await keeper.drain()
    await withTaskGroup(of: Void.self) { group in
      group.addTask { try? await self.flush() }
      group.addTask { try? await Task.sleep(for: deadline) }
      await group.next()
      group.cancelAll()
    }
    sender.cancel()
    await sender.value
    await keeper.drain()
    let pending = Int(state.statistics.pending)
    await keeper.close()
    state.settled.fail(DaybookError(.closed, "the appender is closed"))
    if pending > 0, options.durability == .memory {
      throw DaybookError(.undelivered, "\(pending) events were in memory only and are lost")
    }
    return pending
  }
}

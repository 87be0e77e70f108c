/// Owns the queue of an appender: the only one to touch it, on a thread that may block.
actor AppenderKeeper {
  private let executor = QueueExecutor("daybook.client.spool")
  private let state: AppenderState
  private var queue: (any EventQueue)?

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(_ state: AppenderState) { self.state = state }

  /// Opens the spool; what waits in it from before is counted.
  func open(_ options: BufferedAppenderOptions, ledger: String) throws(DaybookError) {
    let queue: any EventQueue =
      switch options.durability {
      case .memory: MemoryQueue()
      case .file(let folder):
        try Spool(folder: folder, ledger: ledger, segmentBytes: options.segmentBytes, isSynchronised: false)
      case .disk(let folder):
        try Spool(folder: folder, ledger: ledger, segmentBytes: options.segmentBytes, isSynchronised: true)
      }
    self.queue = queue
    state.opened(pending: queue.pending, bytes: queue.bytes)
  }

  /// Writes what was added meanwhile, group by group, until nothing is left.
  func drain() {
    while let group = state.takeGroup() {
      do throws(DaybookError) {
        guard let queue else { throw DaybookError(.closed, "the appender is closed") }
        try queue.append(group.events)
        state.written(group, bytes: queue.bytes)
      } catch {
        state.failed(group, error)
      }
    }
  }

  /// The first events that wait.
  func first(events: Int, bytes: Int) throws(DaybookError) -> [[UInt8]] {
    try queue?.first(events: events, bytes: bytes) ?? []
  }

  /// Settles the first `count` events, keeping the refused ones first.
  func settle(_ count: Int, refused: [RefusedEvent]) throws(DaybookError) {
    guard let queue else { return }
    for event in refused { try queue.refuse(event) }
    try queue.settle(count)
    state.settled(bytes: queue.bytes)
  }

  /// Lets go of the spool.
  func close() {
    queue?.close()
    queue = nil
  }
}

/// Where events wait for their delivery, in order. Not `Sendable`: its keeper's executor is the only one to touch it.
protocol EventQueue: AnyObject {
  /// Events that wait.
  var pending: Int { get }
  /// Bytes that count against the bound.
  var bytes: Int { get }
  /// Adds events behind all others; when it returns they are as durable as was asked for.
  func append(_ events: [[UInt8]]) throws(DaybookError)
  /// The first events that wait, at least one where there is one, without taking them.
  func first(events: Int, bytes: Int) throws(DaybookError) -> [[UInt8]]
  /// The first `count` events are settled.
  func settle(_ count: Int) throws(DaybookError)
  /// Keeps an event that the ledger will never take.
  func refuse(_ event: RefusedEvent) throws(DaybookError)
  /// Lets go of everything.
  func close()
}

/// Events that wait in memory only.
final class MemoryQueue: EventQueue {
  private var events: [[UInt8]] = []
  private var settled = 0
  private(set) var bytes = 0

  var pending: Int { events.count - settled }

  func append(_ added: [[UInt8]]) {
    events += added
    bytes += added.reduce(0) { $0 + $1.count }
  }

  func first(events count: Int, bytes bound: Int) -> [[UInt8]] {
    var batch: [[UInt8]] = []
    var size = 0
    for event in events[settled...].prefix(count) {
      size += event.count + 1
      if !batch.isEmpty, size > bound { break }
      batch.append(event)
    }
    return batch
  }

  func settle(_ count: Int) {
    for place in settled..<settled + count {
      bytes -= events[place].count
      events[place] = []
    }
    settled += count
    // Removing from the front moves the rest, so it waits until half is gone.
    if settled * 2 >= events.count {
      events.removeFirst(settled)
      settled = 0
    }
  }

  func refuse(_ event: RefusedEvent) {}

  func close() {}
}

import Synchronization

/// Gathers bytes from a closure that may run anywhere.
final class ByteSink: Sendable {
  private let storage = Mutex<[UInt8]>([])

  func append(_ bytes: [UInt8]) { storage.withLock { $0 += bytes } }

  var bytes: [UInt8] { storage.withLock { $0 } }
}

/// Says that the service is stopping.
final class StoppingFlag: Sendable {
  private let storage = Mutex(false)

  var isSet: Bool { storage.withLock { $0 } }

  func set() { storage.withLock { $0 = true } }
}

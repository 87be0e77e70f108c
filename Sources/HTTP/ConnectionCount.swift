import Synchronization

/// Connections that are open: counted up when one is accepted, down when the library closed it.
final class ConnectionCount: Sendable {
  private let open = Atomic<Int>(0)

  var current: Int { open.load(ordering: .relaxed) }

  func opened() {
    open.wrappingAdd(1, ordering: .relaxed)
  }

  /// The daemon ended: connections that it had not looked at yet were closed without a word.
  func reset() {
    open.store(0, ordering: .relaxed)
  }

  func closed() {
    open.wrappingSubtract(1, ordering: .relaxed)
  }
}

import Synchronization

/// A value shared by a test and a handler.
final class Shared<Value: Sendable>: Sendable {
  private let mutex: Mutex<Value>

  init(_ value: Value) {
    mutex = Mutex(value)
  }

  var value: Value { mutex.withLock { $0 } }

  func change(_ body: (inout Value) -> Void) {
    mutex.withLock { body(&$0) }
  }
}

/// Sleeps also in a cancelled task.
func onlyPause(_ duration: Duration) async {
  await Task.detached { try? await Task.sleep(for: duration) }.value
}

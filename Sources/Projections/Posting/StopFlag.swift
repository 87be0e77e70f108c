import Dispatch
import Synchronization

/// Tells a blocking loop that its task was cancelled; the loop looks at it a few times a second.
final class StopFlag: Sendable {
  private let flag = Atomic<Bool>(false)

  /// True from the cancellation on.
  var isSet: Bool { flag.load(ordering: .relaxed) }

  func set() { flag.store(true, ordering: .relaxed) }

  /// Throws once the task was cancelled.
  func check() throws {
    if isSet { throw CancellationError() }
  }

  /// Runs a blocking body on a thread of its own, so that no thread of the shared pool waits for Postgres.
  static func runBlocking<Value: Sendable>(
    _ label: String, _ body: @escaping @Sendable (StopFlag) throws -> Value
  ) async throws -> Value {
    let flag = StopFlag()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        DispatchQueue(label: label).async {
          continuation.resume(with: Result { try body(flag) })
        }
      }
    } onCancel: {
      flag.set()
    }
  }
}

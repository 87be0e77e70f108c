import Synchronization
import TestKit

/// A model's provider on a real port, which answers as it is told.
final class FakeProvider: Sendable {
  private let replies = Mutex<[ServedReply]>([])
  private let held = Mutex<LocalServer?>(nil)

  init() {
    let server = LocalServer { [weak self] _ in self?.next() ?? .cut }
    held.withLock { $0 = server }
  }

  var url: String { held.withLock { $0!.url } }
  /// What was asked.
  var requests: [ServedRequest] { held.withLock { $0!.requests } }

  /// What to answer from now on; the last one to everything that follows.
  func say(_ replies: ServedReply...) { self.replies.withLock { $0 = replies } }

  private func next() -> ServedReply {
    replies.withLock { $0.count > 1 ? $0.removeFirst() : $0.first ?? .cut }
  }
}

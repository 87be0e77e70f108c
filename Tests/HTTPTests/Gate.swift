import Foundation
import Synchronization

/// Holds handlers back until a test opens it; a cancelled task passes.
final class Gate: Sendable {
  private let isOpen = Atomic<Bool>(false)

  func open() {
    isOpen.store(true, ordering: .sequentiallyConsistent)
  }

  func wait() async {
    while !isOpen.load(ordering: .sequentiallyConsistent), !Task.isCancelled {
      try? await Task.sleep(for: .milliseconds(2))
    }
  }
}

struct NeverHappened: Error {}

/// Waits, blocking, until something is so.
func eventually(within seconds: Double = 60, _ isSo: () -> Bool) throws {
  let end = Date(timeIntervalSinceNow: seconds)
  while !isSo() {
    if Date() > end { throw NeverHappened() }
    Thread.sleep(forTimeInterval: 0.002)
  }
}

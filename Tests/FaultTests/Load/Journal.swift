import DaybookClient
import Synchronization
import Testing

/// A client's own record of what the ledger acknowledged, to hold the ledger to its word.
final class Journal: Sendable {
  private let receipts = Mutex<[String: Receipt]>([:])

  /// Notes an answer; an event that was acknowledged before must stand where it stood.
  func note(_ answer: AppendResult) {
    for receipt in answer.receipts {
      let earlier = receipts.withLock { receipts in
        defer { receipts[receipt.id] = receipts[receipt.id] ?? receipt }
        return receipts[receipt.id]
      }
      if let earlier {
        #expect(receipt.isDuplicate, "\(receipt.id) was new twice")
        #expect(earlier.position == receipt.position && earlier.sequence == receipt.sequence)
        #expect(earlier.recordedTime == receipt.recordedTime)
      }
      #expect(receipt.position <= answer.head.position, "a head before the event that it acknowledges")
    }
  }

  /// All that was acknowledged.
  var all: [String: Receipt] { receipts.withLock { $0 } }
  /// How many events that is.
  var count: Int { receipts.withLock { $0.count } }
}

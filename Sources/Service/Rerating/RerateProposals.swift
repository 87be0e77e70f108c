import Control
import Synchronization

/// What the pages of the lists hash to that were lately proposed in this process.
///
/// An approval is bound to the digest of its whole list, and both come of one reading: so whoever writes the list can check
/// each page as it is read again, before anything of it is booked, and need not read all of it first.
final class RerateProposals: Sendable {
  /// Lists that are remembered: a page has 32 bytes for 4,000 positions, and most proposals come to nothing.
  static let most = 8

  private struct Proposed {
    let digest: String
    let position: Int64
    let pages: [[UInt8]]
  }

  private let known = Mutex<[Proposed]>([])

  /// The pages of the list with this digest, made as of this position; nil where this process knows none.
  func pages(of digest: String, at position: Int64) -> [[UInt8]]? {
    known.withLock { known in known.last { $0.digest == digest && $0.position == position }?.pages }
  }

  func keep(_ pages: [[UInt8]], of proposal: RerateProposal) {
    known.withLock { known in
      known.append(Proposed(digest: proposal.digest, position: proposal.position, pages: pages))
      known.removeFirst(max(0, known.count - Self.most))
    }
  }
}

import Domain

/// When open reservations expire, the next one first.
///
/// A settled reservation leaves its entry behind: it is passed over, and removed once it comes first or once such entries
/// outnumber the others.
struct ExpiryQueue: Sendable {
  struct Entry: Sendable, Comparable {
    var expiresAt: Timestamp
    var decision: String

    static func < (left: Self, right: Self) -> Bool {
      left.expiresAt != right.expiresAt
        ? left.expiresAt < right.expiresAt : ExactText(left.decision) < ExactText(right.decision)
    }
  }

  /// Left behind at most, beside as many as are open.
  private static let mostLeftBehind = 1_024

  private var committed: MinHeap<Entry>
  /// Of the running batch.
  private var added: [Entry] = []

  init(_ entries: [Entry] = []) { committed = MinHeap(entries) }

  mutating func add(_ entry: Entry) { added.append(entry) }

  /// The next entries due at or before `now`, in order, of reservations that are open.
  func due(at now: Timestamp, atMost limit: Int, isOpen: (String) -> Bool) -> [Entry] {
    var found = committedDue(at: now, atMost: limit, isOpen: isOpen)
    let fresh = added.filter { $0.expiresAt <= now && isOpen($0.decision) }
    if !fresh.isEmpty { found = Array((found + fresh).sorted().prefix(limit)) }
    return found
  }

  private func committedDue(at now: Timestamp, atMost limit: Int, isOpen: (String) -> Bool) -> [Entry] {
    guard let first = committed.first, first.expiresAt <= now else { return [] }
    // Walks the heap from the top: what may come next are the children of what came before.
    var frontier = MinHeap<Place>([Place(entry: first, index: 0)])
    var found: [Entry] = []
    while found.count < limit, let next = frontier.removeFirst() {
      if isOpen(next.entry.decision) { found.append(next.entry) }
      for child in [2 * next.index + 1, 2 * next.index + 2] where child < committed.elements.count {
        let entry = committed.elements[child]
        if entry.expiresAt <= now { frontier.insert(Place(entry: entry, index: child)) }
      }
    }
    return found
  }

  private struct Place: Sendable, Comparable {
    var entry: Entry
    var index: Int

    static func < (left: Self, right: Self) -> Bool {
      left.entry != right.entry ? left.entry < right.entry : left.index < right.index
    }
  }

  /// - Parameter openCount: how many reservations are open.
  mutating func merge(openCount: Int, isOpen: (String) -> Bool) {
    for entry in added { committed.insert(entry) }
    if !added.isEmpty { added = [] }
    while let first = committed.first, !isOpen(first.decision) { committed.removeFirst() }
    if committed.elements.count > 2 * openCount + Self.mostLeftBehind {
      committed = MinHeap(committed.elements.filter { isOpen($0.decision) })
    }
  }

  mutating func drop() { if !added.isEmpty { added = [] } }
}

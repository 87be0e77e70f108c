import Domain

/// Closed approvals in the order of closing, so that the oldest are forgotten first.
///
/// What is forgotten depends on the events alone, not on how they came in batches.
struct ClosingOrder: Sendable {
  /// The approvals, oldest first, from `start` on.
  private var order: [String]
  private var start = 0
  /// What the running batch adds and takes away.
  private var added = 0
  private var taken = 0

  init(_ order: [String] = []) { self.order = order }

  /// The oldest; nil where there is none.
  var oldest: String? { count > 0 ? order[start + taken] : nil }

  /// Those that are committed, oldest first.
  var committed: [String] { Array(order[start..<(order.count - added)]) }

  /// How many there are.
  var count: Int { order.count - start - taken }

  mutating func append(_ id: String) {
    order.append(id)
    added += 1
  }

  mutating func takeOldest() { taken += 1 }

  mutating func merge() {
    start += taken
    added = 0
    taken = 0
    guard start > 256, start * 2 > order.count else { return }
    order.removeFirst(start)
    start = 0
  }

  mutating func drop() {
    order.removeLast(added)
    added = 0
    taken = 0
  }
}

import Domain

/// When prices were recorded: the first position of each recorded time, in order.
///
/// A list of thousands is recorded in one moment, so this stays small where a time kept with every price would not.
struct LearnedMoments: Sendable {
  /// From this position on, prices were recorded at this moment.
  struct Moment: Sendable, Hashable {
    var position: Int64
    var recordedAt: Timestamp
  }

  private(set) var moments: [Moment] = []
  /// How many of them are committed.
  private var committed = 0

  init(_ moments: [Moment] = []) {
    self.moments = moments
    committed = moments.count
  }

  mutating func note(_ position: Int64, _ recordedAt: Timestamp) {
    if moments.last?.recordedAt == recordedAt { return }
    moments.append(Moment(position: position, recordedAt: recordedAt))
  }

  mutating func merge() { committed = moments.count }

  mutating func drop() { moments.removeLast(moments.count - committed) }

  /// The committed ones.
  var merged: LearnedMoments { LearnedMoments(Array(moments[..<committed])) }

  /// When the price at this position was recorded; nil before the first.
  func recordedAt(_ position: Int64) -> Timestamp? {
    let count = count { $0.position <= position }
    return count == 0 ? nil : moments[count - 1].recordedAt
  }

  /// The last position that was recorded by a moment; every later price came after it.
  func position(at moment: Timestamp) -> Int64 {
    let count = count { $0.recordedAt <= moment }
    return count == moments.count ? .max : moments[count].position - 1
  }

  /// How many stand before the first one that does not fit.
  private func count(_ fits: (Moment) -> Bool) -> Int {
    var low = 0
    var high = moments.count
    while low < high {
      let middle = (low + high) / 2
      if fits(moments[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// What somebody may have meant who mistyped a word.
enum Suggestion {
  /// The candidate with the fewest edits; nil where even that is too far away.
  static func nearest(to word: String, among candidates: [String]) -> String? {
    let distances = candidates.map { (candidate: $0, distance: distance(word, $0)) }
    guard let best = distances.min(by: { $0.distance < $1.distance }) else { return nil }
    let limit = max(1, word.count / 3)
    if best.distance <= limit { return best.candidate }
    return word.count >= 4 ? candidates.first { $0.hasPrefix(word) } : nil
  }

  /// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
  static func distance(_ left: String, _ right: String) -> Int {
    let (left, right) = (Array(left), Array(right))
    var rows = [Array(0...right.count)]
    for row in 0..<left.count {
      var current = [row + 1] + Array(repeating: 0, count: right.count)
      for column in 0..<right.count {
        let replacement = rows[row][column] + (left[row] == right[column] ? 0 : 1)
        current[column + 1] = min(replacement, rows[row][column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          current[column + 1] = min(current[column + 1], rows[row - 1][column - 1] + 1)
        }
      }
      rows.append(current)
    }
    return rows[left.count][right.count]
  }
}

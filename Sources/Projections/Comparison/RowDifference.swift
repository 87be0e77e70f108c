import Domain

/// A row that two points of a book's history do not share.
struct RowDifference {
  enum Change: String { case added, removed, changed }

  var table: String
  /// The key's texts, in its order, told apart by their bytes.
  var keyTexts: [ExactText]
  var key: JSON
  var change: Change
  /// Columns that differ, each with what it was and what it is.
  var columns: [(name: String, before: JSON, after: JSON)]
  /// Positions of the events that changed it, in order.
  var positions: [Int64] = []
  /// False where there are more than were looked for.
  var hasAllPositions = true

  /// As the answer shows it.
  var json: JSON {
    .object([
      "table": .text(table), "key": key, "change": .text(change.rawValue),
      "columns": .object(
        Dictionary(uniqueKeysWithValues: columns.map { (ExactText($0.name), JSON.array([$0.before, $0.after])) })),
      "events": .array(positions.map { .integer($0) }), "has_all_events": .boolean(hasAllPositions),
    ])
  }
}

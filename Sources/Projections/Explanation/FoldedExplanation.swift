import Domain
import Postgres

/// Finds the events behind rows of any book, whatever its fold: posts a part of the log, looks whether the rows were
/// written, and if so goes back and posts its halves, down to single events.
struct FoldedExplanation {
  /// A row as it is at some moment of the scan.
  private struct Row: Equatable {
    /// Where Postgres keeps it: another place after every write, even one that changes nothing.
    var place: String
    var values: JSON
  }

  private(set) var scratch: ScratchBook
  private(set) var events: [ExplainedEvent] = []
  private let selection: RowSelection
  private let columns: [DigestColumn]
  private let most: Int
  private let until: ContinuousClock.Instant
  private var rows: [[ExactText]: Row] = [:]

  /// Events of one look, at first and at least, and at most.
  private static let stride: (least: Int64, most: Int64) = (1_000, 200_000)

  /// Starts from where `scratch` stands.
  init(
    _ scratch: ScratchBook, _ selection: RowSelection, columns: [DigestColumn], most: Int,
    until: ContinuousClock.Instant
  ) throws {
    self.scratch = scratch
    self.selection = selection
    self.columns = columns
    self.most = most
    self.until = until
    rows = try read()
  }

  private var isOver: Bool { events.count >= most || ContinuousClock.now > until }

  /// Scans up to `target`, or until enough was found or the time is up; answers how far all is known: further than at first.
  mutating func scan(to target: Int64) throws -> Int64 {
    var stride = Self.stride.least
    let start = scratch.position
    while scratch.position < target, scratch.position == start || !isOver {
      let found = events.count
      try look(to: min(target, scratch.position + stride))
      stride = events.count == found ? min(Self.stride.most, stride * 4) : max(Self.stride.least, stride / 4)
    }
    return scratch.position
  }

  /// Posts up to `ceiling` and notes what wrote the rows; stands in between where it is over.
  private mutating func look(to ceiling: Int64) throws {
    let floor = scratch.position
    let mark = "look_\(ceiling - floor)"
    try scratch.mark(mark)
    try scratch.fold(to: ceiling)
    let after = try read()
    guard after.mapValues(\.place) != rows.mapValues(\.place) else { return try scratch.forget(mark) }
    if ceiling - floor == 1 {
      try scratch.forget(mark)
      try note(after, at: ceiling)
      rows = after
      return
    }
    try scratch.goBack(to: mark, position: floor)
    try scratch.forget(mark)
    try look(to: floor + (ceiling - floor) / 2)
    if scratch.position == floor + (ceiling - floor) / 2, !isOver { try look(to: ceiling) }
  }

  /// Writes down what one event did; what was written anew and is the same is no change.
  private mutating func note(_ after: [[ExactText]: Row], at position: Int64) throws {
    let changed = Set(rows.keys).union(after.keys).filter { rows[$0]?.values != after[$0]?.values }
    guard !changed.isEmpty else { return }
    let found = try scratch.connection.execute(
      "SELECT id, type, subject, recorded_at FROM daybook.events WHERE ledger_id = $1 AND position = $2",
      [.text(scratch.ledger), .int64(position)])
    guard found.count == 1 else { return }
    for key in changed.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      let (old, new) = (rows[key]?.values ?? .null, after[key]?.values ?? .null)
      let names = columns.map(\.name).filter { !selection.table.key.contains($0) && old[$0] != new[$0] }
      func part(_ values: JSON) -> JSON {
        values == .null
          ? .null
          : .object(Dictionary(uniqueKeysWithValues: names.map { (ExactText($0), values[$0] ?? .null) }))
      }
      events.append(
        ExplainedEvent(
          position: position, id: found.string(0, 0), type: found.string(0, 1), subject: found.string(0, 2),
          recordedTime: Timestamp(microseconds: found.timestamp(0, 3)),
          key: .object(
            Dictionary(
              uniqueKeysWithValues: selection.table.key.map { name in
                (ExactText(name), (new == .null ? old : new)[name] ?? .null)
              })),
          effect: .change(before: part(old), after: part(new))))
    }
  }

  private func read() throws -> [[ExactText]: Row] {
    let (condition, parameters) = selection.condition(from: 2)
    let key = selection.key
    let found = try scratch.connection.execute(
      """
      SELECT tableoid || '/' || ctid::text, \((key.map(\.textExpression) + columns.map(\.expression)).joined(separator: ", "))
      FROM \(scratch.schema).\(selection.table.name)
      WHERE ledger_id = $1 AND \(condition)
      LIMIT \(RowSelection.most + 1)
      """, [.text(scratch.ledger)] + parameters)
    guard found.count <= RowSelection.most else {
      throw ProjectionError(
        .badParameters, "\(selection.table.name):",
        faults: [
          ParameterFault(
            parameter: key.last?.name ?? "key", code: "required",
            detail: "more than \(RowSelection.most) rows are meant: give more of the key")
        ])
    }
    return Dictionary(
      (0..<found.count).map { row in
        (
          key.indices.map { ExactText(found.string(row, 1 + $0)) },
          Row(
            place: found.string(row, 0),
            values: DigestColumn.object(columns, found, row, from: 1 + key.count))
        )
      }, uniquingKeysWith: { first, _ in first })
  }
}

import Domain

/// A re-rating that was approved and whose adjustments are not all written yet.
public struct Rerate: Sendable {
  /// Its id.
  public var id: String
  /// Which completions it is about.
  public var selection: RerateSelection
  /// As of which position.
  public var position: Int64
  /// Calls whose cost changes.
  public var calls: Int64
  /// Lower-case hex SHA-256 of the list of calls.
  public var digest: String
  /// The position of `rerate.approved`.
  public var approvedAt: Int64
  /// The last completion that was adjusted; 0: none yet.
  public var through: Int64 = 0
  /// Entries adjusted so far.
  public var adjusted: Int64 = 0
  /// What was adjusted so far.
  public var totals = RerateTotals()
  /// The prices as they were known at its position.
  public var book: PriceBook

  mutating func count(_ entry: Int64, before: Money?, after: Money) {
    through = max(through, entry)
    adjusted += 1
    totals.add(before: before, after: after)
  }
}

extension Rerate {
  init(approved event: AppliedEvent, _ book: PriceBook) {
    guard let selection = RerateSelection(event.data) else { event.malformed("selection") }
    let position = event.integer("position")
    self.init(
      id: event.text("rerate"), selection: selection, position: position, calls: event.integer("calls"),
      digest: event.text("digest"), approvedAt: event.position, book: book.known(at: position))
  }

  var snapshot: JSON {
    .object([
      "id": .text(id), "selection": selection.json, "position": .integer(position), "calls": .integer(calls),
      "digest": .text(digest), "approved_at": .integer(approvedAt), "through": .integer(through),
      "adjusted": .integer(adjusted), "totals": totals.json,
    ])
  }

  init(_ reader: SnapshotReader, _ book: PriceBook) throws(SnapshotFault) {
    guard let selection = reader.json["selection"].flatMap({ RerateSelection($0) }),
      let totals = reader.json["totals"].flatMap({ RerateTotals($0) })
    else { throw SnapshotReader.fault("rerates") }
    let position = try reader.integer("position")
    self.init(
      id: try reader.text("id"), selection: selection, position: position, calls: try reader.integer("calls"),
      digest: try reader.text("digest"), approvedAt: try reader.integer("approved_at"),
      through: try reader.integer("through"), adjusted: try reader.integer("adjusted"), totals: totals,
      book: book.known(at: position))
  }
}

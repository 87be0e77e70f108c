public import Domain

/// What the ledger knows of a month that was closed once.
public struct PeriodClosing: Sendable, Equatable {
  /// The month.
  public var month: AccountingMonth
  /// The position that the claim is about.
  public var position: Int64
  /// Lower-case hex of the root there.
  public var root: String
  /// The claimed digest of each book there.
  public var books: JSON
  /// The position of `period.closed`.
  public var closedAt: Int64
  /// Its recorded time.
  public var recordedAt: Timestamp
  /// The owner who granted it.
  public var owner: String
  /// The owner who asked for it; nil in bootstrap.
  public var requestedBy: String?
  /// The position of `period.reopened`; nil while it is closed.
  public var reopenedAt: Int64?
}

extension PeriodClosing {
  init(closed event: AppliedEvent) {
    guard let month = AccountingMonth(event.text("period")), let books = event.data["books"] else {
      event.malformed("period")
    }
    self.init(
      month: month, position: event.integer("position"), root: event.text("root"), books: books,
      closedAt: event.position, recordedAt: event.recordedAt, owner: event.owner,
      requestedBy: event.derived?["requested_by_owner"]?.string)
  }

  var snapshot: JSON {
    .object([
      "period": .text(month.description), "position": .integer(position), "root": .text(root), "books": books,
      "closed_at": .integer(closedAt), "recorded_at": .text(recordedAt.description), "owner": .text(owner),
      "requested_by": requestedBy.map { .text($0) }, "reopened_at": reopenedAt.map { .integer($0) },
    ])
  }

  init(_ reader: SnapshotReader) throws(SnapshotFault) {
    guard let month = AccountingMonth(try reader.text("period")), let books = reader.json["books"] else {
      throw SnapshotReader.fault("period")
    }
    self.init(
      month: month, position: try reader.integer("position"), root: try reader.text("root"), books: books,
      closedAt: try reader.integer("closed_at"), recordedAt: try reader.moment("recorded_at"),
      owner: try reader.text("owner"), requestedBy: reader.optionalText("requested_by"),
      reopenedAt: reader.json["reopened_at"]?.integer)
  }
}

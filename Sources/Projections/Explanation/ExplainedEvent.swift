import Domain

/// An event that had a part in a row of a book.
struct ExplainedEvent {
  /// What it did to the row.
  enum Effect {
    /// Not told.
    case none
    /// What it added to columns of the row, as the projection declares it.
    case contribution(JSON)
    /// The columns that it changed, before and after; `null` where there was no row.
    case change(before: JSON, after: JSON)
  }

  var position: Int64
  var id: String
  var type: String
  var subject: String
  var recordedTime: Timestamp
  /// Which row.
  var key: JSON
  var effect: Effect

  /// As the answer shows it, with the path of its receipt.
  func json(ledger: String) -> JSON {
    var members: JSON = .object([
      "position": .integer(position), "id": .text(id), "type": .text(type), "subject": .text(subject),
      "recordedtime": .text(recordedTime.description), "key": key,
      "receipt": .text("/v1/ledgers/\(ledger)/events/\(position)/receipt"),
    ])
    switch effect {
    case .none: break
    case .contribution(let columns): members["contribution"] = columns
    case .change(let before, let after):
      members["before"] = before
      members["after"] = after
    }
    return members
  }
}

public import Domain

/// What a book says, and the position of the log that it reflects.
public struct BookAnswer: Sendable {
  /// The projection's name.
  public var projection: String
  /// The projection's version.
  public var version: Int
  /// The query's name.
  public var query: String
  /// The ledger.
  public var ledger: String
  /// The last position that was posted into the book.
  public var position: Int64
  /// When the ledger recorded the event at `position`; nil where nothing was posted yet.
  public var recordedTime: Timestamp?
  /// The rows; amounts are decimal strings beside a currency, counts are integers, days are `YYYY-MM-DD`.
  public var rows: [JSON]

  init(_ answer: Answer) throws(DaybookError) {
    let root = try answer.json()
    guard let projection = root["projection"]?.string, let version = root["version"]?.integer,
      let query = root["query"]?.string, let ledger = root["ledger"]?.string,
      let position = root["position"]?.integer, let rows = root["rows"], rows.kind == .array
    else { throw DaybookError.malformed("a book's answer lacks a member") }
    self.projection = projection
    self.version = Int(version)
    self.query = query
    self.ledger = ledger
    self.position = position
    recordedTime = root["recordedtime"]?.string.flatMap { Timestamp(rfc3339: $0) }
    self.rows = rows.elements.map { JSON($0) }
  }
}

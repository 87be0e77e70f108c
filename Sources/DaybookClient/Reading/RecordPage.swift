internal import Domain

/// Some records of the log in its order.
public struct RecordPage: Sendable {
  /// The records, ascending by position.
  public var records: [LogRecord]
  /// Where to go on reading: the position to give as `after`; nil at the end of the log.
  public var next: Int64?

  init(_ answer: Answer) throws(DaybookError) {
    let root = try answer.json()
    guard let list = root["records"], list.kind == .array else {
      throw DaybookError.malformed("the answer has no records")
    }
    records = []
    let elements = list.elements
    records.reserveCapacity(elements.count)
    for element in elements { records.append(try LogRecord(element)) }
    next = root["next"]?.integer
  }
}

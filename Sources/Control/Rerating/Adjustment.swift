public import Domain

/// One completion whose cost a re-rating changes: what was booked of it, and what it costs by the prices known.
public struct Adjustment: Sendable {
  /// The completion's position.
  public let position: Int64
  /// The last sequence of its corrections when the re-rating was proposed; 0: it had none.
  public let sequence: Int64
  /// The model that served.
  public let model: String
  /// What was booked; nil: no cost was known.
  public let before: Money?
  /// What is booked instead.
  public let after: Money
  /// The day that the completion was posted on.
  let day: CivilDate
  private let lines: [CostLine]
  private let occurredAt: Timestamp
  /// What is derived, up to the posting date, once it was made.
  private var head: [UInt8]?

  /// Costs a completion of the log anew.
  ///
  /// Only a cost that can be computed replaces what is booked: what has no price now keeps what it has.
  ///
  /// - Parameters:
  ///   - data: the completion's data.
  ///   - booked: what is booked of it; nil: no cost is known.
  ///   - day: the day that it was posted on.
  ///   - occurredAt: its time, at which prices are looked up.
  ///   - sequence: of its last correction; 0 where there is none.
  ///   - book: the prices known.
  /// - Returns: nil where nothing changes.
  public init?(
    position: Int64, data: JSONView, booked: Money?, day: CivilDate, occurredAt: Timestamp, sequence: Int64,
    book: PriceBook
  ) {
    let usage = CompletionUsage.told(by: data)
    guard case .computed(let after, let lines) = book.cost(ofCompletion: data, usage, at: occurredAt),
      booked != after, let model = data["model"]?.string
    else { return nil }
    self.position = position
    self.sequence = sequence
    self.model = model
    self.before = booked
    self.after = after
    self.day = day
    self.lines = lines
    self.occurredAt = occurredAt
  }

  /// Makes what is derived as far as it is known already: who writes needs it, who only lists does not.
  ///
  /// - Parameters:
  ///   - data: the completion's data.
  ///   - derived: what was concluded about it.
  public mutating func prepare(data: JSONView, derived: JSONView) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(data.source.count + derived.source.count + 200 * (lines.count + 3))
    bytes += Array("{\"after\":".utf8)
    after.appendCanonical(to: &bytes)
    bytes += Array(",\"basis\":\"computed\"".utf8)
    if let before {
      bytes += Array(",\"before\":".utf8)
      before.appendCanonical(to: &bytes)
    }
    bytes += Array(",\"entry\":{\"data\":".utf8)
    data.appendCanonical(to: &bytes)
    bytes += Array(",\"derived\":".utf8)
    derived.appendCanonical(to: &bytes)
    bytes += Array(",\"position\":\(position),\"type\":\"completion.recorded\"},\"lines\":[".utf8)
    for (index, line) in lines.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      line.appendCanonical(to: &bytes)
    }
    bytes += Array("],\"posting_date\":\"".utf8)
    head = bytes
  }

  /// Appends the line of the list that an approval is bound to: position, before (`-` for none) and after, and a line feed.
  public func appendListed(to bytes: inout [UInt8]) {
    bytes += String(position).utf8
    for money in [before, after] {
      bytes.append(UInt8(ascii: " "))
      guard let money else {
        bytes.append(UInt8(ascii: "-"))
        continue
      }
      money.amount.append(to: &bytes)
      bytes.append(UInt8(ascii: " "))
      money.currency.append(to: &bytes)
    }
    bytes.append(UInt8(ascii: "\n"))
  }

  /// What is derived of the adjustment, which must be prepared, in RFC 8785 form, when the first open day is this one.
  public func derived(firstOpen: CivilDate?) -> [UInt8] {
    guard let head else { preconditionFailure("an adjustment is prepared before it is written") }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(head.count + 70)
    bytes += head
    postingDate(firstOpen: firstOpen).append(to: &bytes)
    bytes += "\",\"priced_at\":\"\(occurredAt)\"}".utf8
    return bytes
  }

  /// The completion's own day, or the first open one where that is later.
  func postingDate(firstOpen: CivilDate?) -> CivilDate { max(day, firstOpen ?? day) }
}

/// The rules of a reporting time zone as a table, so that pure code can date a moment without a clock or files.
public struct ReportingZone: Sendable, Equatable {
  /// The IANA name.
  public let identifier: String
  /// Moments at which the offset changes, ascending, with the offset in seconds east of UTC that holds from then on.
  public let transitions: [Transition]
  /// Offset in seconds before the first transition.
  public let initialOffset: Int

  /// One change of offset.
  public struct Transition: Sendable, Equatable {
    /// From when.
    public let from: Timestamp
    /// Seconds east of UTC.
    public let offset: Int
    /// Makes a transition.
    public init(from: Timestamp, offset: Int) {
      self.from = from
      self.offset = offset
    }
  }

  /// Makes a zone from its table, whose transitions must be ascending.
  public init(identifier: String, initialOffset: Int, transitions: [Transition]) {
    precondition(
      zip(transitions, transitions.dropFirst()).allSatisfy { $0.from < $1.from }, "transitions are ascending")
    self.identifier = identifier
    self.initialOffset = initialOffset
    self.transitions = transitions
  }

  /// UTC.
  public static let utc = ReportingZone(identifier: "UTC", initialOffset: 0, transitions: [])

  /// Seconds east of UTC that hold at a moment.
  public func offset(at moment: Timestamp) -> Int {
    // The first transition after the moment; the one before it holds.
    var low = 0
    var high = transitions.count
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle].from <= moment { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? initialOffset : transitions[low - 1].offset
  }

  /// The zone's date of a moment.
  public func date(of moment: Timestamp) -> CivilDate {
    CivilDate(utcDayOf: moment.advanced(bySeconds: Int64(offset(at: moment))))
  }
}

extension ReportingZone {
  /// The first moment that falls on a date of the zone.
  ///
  /// Midnight, or the moment after it where the clocks are put forward over midnight.
  public func start(of date: CivilDate) -> Timestamp {
    let midnight = date.startInUTC
    // No offset is larger than a day; from before the first that can matter, offset by offset, the first that gets there.
    let from = midnight.advanced(bySeconds: -86_400)
    var start = from
    var offset = offset(at: from)
    for transition in transitions where transition.from > from {
      let moment = max(start, midnight.advanced(bySeconds: -Int64(offset)))
      if moment < transition.from { return moment }
      start = transition.from
      offset = transition.offset
    }
    return max(start, midnight.advanced(bySeconds: -Int64(offset)))
  }
}

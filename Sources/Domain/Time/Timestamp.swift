/// A moment in microseconds of UTC since 1970, without leap seconds: the only clock value the ledger keeps.
public struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Microseconds since 1970-01-01T00:00:00Z.
  public let microseconds: Int64
  /// Wraps microseconds since 1970.
  public init(microseconds: Int64) { self.microseconds = microseconds }
  /// Reads RFC 3339 (any offset, `T`/`t`, `Z`/`z`); more than six fractional digits are cut off. Years 0001 to 9999.
  public init?(rfc3339 text: String) { fatalError("contract") }
  /// RFC 3339 in UTC with six fractional digits and `Z`.
  public var description: String { fatalError("contract") }
  /// Appends `description` as bytes, for hot paths.
  public func append(to bytes: inout [UInt8]) { fatalError("contract") }
  /// Earlier first.
  public static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }
}

/// A day of the Gregorian calendar, printed `YYYY-MM-DD`.
public struct CivilDate: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Days since 1970-01-01.
  public let daysSince1970: Int
  /// Wraps a day number.
  public init(daysSince1970: Int) { self.daysSince1970 = daysSince1970 }
  /// Reads `YYYY-MM-DD`.
  public init?(_ text: String) { fatalError("contract") }
  /// `YYYY-MM-DD`.
  public var description: String { fatalError("contract") }
  /// Earlier first.
  public static func < (left: Self, right: Self) -> Bool { left.daysSince1970 < right.daysSince1970 }
}

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
  /// Makes a zone from its table.
  public init(identifier: String, initialOffset: Int, transitions: [Transition]) {
    self.identifier = identifier
    self.initialOffset = initialOffset
    self.transitions = transitions
  }
  /// UTC.
  public static let utc = ReportingZone(identifier: "UTC", initialOffset: 0, transitions: [])
  /// The zone's date of a moment.
  public func date(of moment: Timestamp) -> CivilDate { fatalError("contract") }
}

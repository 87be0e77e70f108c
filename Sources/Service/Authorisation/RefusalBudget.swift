import Domain

/// How many refusals of a key are recorded: so many a minute, then they are counted.
///
/// The next record carries the count.
/// Without a bound, a key that is refused in a loop would write the log full.
struct RefusalBudget: Sendable {
  /// Records per key and minute.
  static let recordsAMinute = 60

  /// What to do with a refusal.
  enum Verdict: Sendable, Equatable {
    /// Record it, with the number of earlier ones that were only counted.
    case record(suppressed: Int)
    /// It was counted.
    case count
  }

  private struct Tally {
    var minute: Int64
    var recorded: Int
    var suppressed: Int
  }

  private var tallies: [String: Tally] = [:]

  init() {}

  /// Takes a refusal of a key, which has been authenticated, so that there are as many tallies as keys at most.
  mutating func take(key: String, now: Timestamp) -> Verdict {
    let minute = now.microseconds / 60_000_000
    var tally = tallies[key] ?? Tally(minute: minute, recorded: 0, suppressed: 0)
    if tally.minute != minute {
      tally.minute = minute
      tally.recorded = 0
    }
    defer { tallies[key] = tally }
    guard tally.recorded < Self.recordsAMinute else {
      tally.suppressed += 1
      return .count
    }
    tally.recorded += 1
    let suppressed = tally.suppressed
    tally.suppressed = 0
    return .record(suppressed: suppressed)
  }

  /// Puts a count back whose record could not be written.
  mutating func restore(key: String, suppressed: Int) { tallies[key]?.suppressed += suppressed + 1 }
}

import Domain

/// Tokens counted for one key of a limit, in the present minute and the one before it.
///
/// Their weighted sum stands for the last sixty seconds: the earlier minute counts by the part of it that still lies
/// within them, as if its tokens were spread evenly.
struct TokenRate: Sendable, Equatable {
  /// Minutes since 1970.
  var minute: Int32
  var tokens: Int64
  var before: Int64

  /// Counts tokens in a minute; one that is over already counts in the present one.
  mutating func count(_ tokens: Int64, in minute: Int32) {
    roll(to: minute)
    self.tokens = Self.sum(self.tokens, tokens)
  }

  private mutating func roll(to minute: Int32) {
    guard minute > self.minute else { return }
    before = minute == self.minute + 1 ? tokens : 0
    tokens = 0
    self.minute = minute
  }

  private static let minuteInMicroseconds: Int64 = 60_000_000

  /// Tokens of the last sixty seconds, rounded up.
  func used(at now: Timestamp) -> Int64 {
    var rate = self
    let (minute, elapsed) = Self.place(of: now)
    rate.roll(to: minute)
    return Self.sum(rate.tokens, Self.weighted(rate.before, Self.minuteInMicroseconds - elapsed))
  }

  /// Microseconds until so many tokens have room under a limit; nil where they never do.
  func wait(for asked: Int64, limit: Int64, at now: Timestamp) -> Int64? {
    guard asked <= limit else { return nil }
    var rate = self
    let (minute, elapsed) = Self.place(of: now)
    rate.roll(to: minute)
    if let left = Self.remaining(rate.before, room: limit - asked - rate.tokens) {
      return max(0, Self.minuteInMicroseconds - elapsed - left)
    }
    guard let left = Self.remaining(rate.tokens, room: limit - asked) else { return nil }
    return 2 * Self.minuteInMicroseconds - elapsed - left
  }

  /// The most of a minute that may still count for its tokens to fit a room; nil where not even none of it does.
  private static func remaining(_ tokens: Int64, room: Int64) -> Int64? {
    guard room >= 0 else { return nil }
    guard tokens > room else { return minuteInMicroseconds }
    return Int64(Int128(room) * Int128(minuteInMicroseconds) / Int128(tokens))
  }

  private static func weighted(_ tokens: Int64, _ part: Int64) -> Int64 {
    let product = Int128(tokens) * Int128(part)
    return Int64(clamping: (product + Int128(minuteInMicroseconds) - 1) / Int128(minuteInMicroseconds))
  }

  private static func place(of now: Timestamp) -> (minute: Int32, elapsed: Int64) {
    let window = BudgetWindow(.minute, at: now, zone: .utc)
    return (window.ordinal, now.microseconds - Int64(window.ordinal) * minuteInMicroseconds)
  }

  private static func sum(_ left: Int64, _ right: Int64) -> Int64 {
    let (sum, overflows) = left.addingReportingOverflow(right)
    return overflows ? .max : sum
  }
}

/// One rate: of a limit, for a key.
struct RateKey: Hashable, Sendable {
  /// The budget's number.
  var budget: Int32
  var key: ExactText
}

/// Tells a flood of events, such as a history that is moved or re-rated, from what services append as they go.
struct FloodGauge {
  /// Over so long at least the pace is taken: one large append is no flood.
  static let window = Duration.seconds(2)
  /// Events a second from which on it is one.
  static let pace: Int64 = 8_000
  /// How often it is looked whether a flood goes on: a writer of large batches commits a few times meanwhile.
  static let look = Duration.seconds(1)

  private var since: ContinuousClock.Instant
  private var events: Int64 = 0
  /// Did so many come a second, when it was looked at last?
  private(set) var isFlood = false

  init(at now: ContinuousClock.Instant) { since = now }

  /// Notes that so many events were posted.
  mutating func note(_ posted: Int64, at now: ContinuousClock.Instant) {
    events += posted
    let time = now - since
    guard time >= Self.window else { return }
    isFlood = Self.isFlood(events, in: time)
    (since, events) = (now, 0)
  }

  /// Notes that so many events came during a look while they gather; a flood is over as soon as few do.
  mutating func note(gathered events: Int64, in time: Duration) {
    if !Self.isFlood(events, in: time) { isFlood = false }
  }

  private static func isFlood(_ events: Int64, in time: Duration) -> Bool { .seconds(events) >= time * Int(pace) }
}

/// Pauses between attempts: doubling from 50 ms to 5 s.
struct Backoff {
  private var pause = Duration.milliseconds(50)

  /// The next pause.
  mutating func next() -> Duration {
    defer { pause = min(pause * 2, .seconds(5)) }
    return pause
  }

  /// After a success.
  mutating func reset() { pause = .milliseconds(50) }

  /// Sleeps on the calling thread, in pieces so that a stop is seen.
  func sleep(_ time: Duration, unless stop: StopFlag) {
    let end = ContinuousClock.now + time
    while ContinuousClock.now < end, !stop.isSet {
      let rest = min(end - ContinuousClock.now, .milliseconds(50))
      if rest > .zero { BlockingSleep.sleep(rest) }
    }
  }
}

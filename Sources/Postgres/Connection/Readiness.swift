import Glibc

/// What a socket is ready for, or waited on for.
struct Readiness: OptionSet {
  let rawValue: Int16
  static let read = Readiness(rawValue: Int16(POLLIN))
  static let write = Readiness(rawValue: Int16(POLLOUT))

  /// Blocks in `poll(2)` until the socket is ready or broken; nil when the deadline passes first.
  static func wait(
    on socket: Int32, for interest: Readiness, until deadline: ContinuousClock.Instant?
  ) -> Readiness? {
    var descriptor = pollfd(fd: socket, events: interest.rawValue, revents: 0)
    while true {
      let count = poll(&descriptor, 1, milliseconds(until: deadline))
      if count > 0 { return Readiness(rawValue: descriptor.revents) }
      if count < 0 && errno == EINTR { continue }
      // A broken descriptor is found out by the read that follows.
      if count < 0 { return interest }
      if let deadline, deadline <= .now { return nil }
    }
  }

  /// What `poll` wants: -1 for ever, rounded up so that it does not spin before the deadline.
  private static func milliseconds(until deadline: ContinuousClock.Instant?) -> Int32 {
    guard let deadline else { return -1 }
    let remaining = ContinuousClock.now.duration(to: deadline)
    if remaining <= .zero { return 0 }
    let (seconds, attoseconds) = remaining.components
    if seconds >= 86_400 { return 86_400_000 }
    return Int32(seconds) * 1000 + Int32(attoseconds / 1_000_000_000_000_000) + 1
  }
}

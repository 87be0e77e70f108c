import Domain

/// The models that sessions are pinned to, by the sessions' tokens.
///
/// Idle sessions are forgotten once an hour of the log's own time, so that the register is bounded by the sessions of one
/// idle time and is the same wherever the log is folded.
struct SessionRegister: Sendable {
  private(set) var pins: Layered<String, SessionPin>
  /// The hour since 1970 in which idle sessions were last forgotten.
  private(set) var sweptHour: Int64
  private(set) var mergedSweptHour: Int64

  init(_ pins: [SessionPin] = [], sweptHour: Int64 = 0) {
    self.pins = Layered(Dictionary(uniqueKeysWithValues: pins.map { ($0.session, $0) }))
    self.sweptHour = sweptHour
    mergedSweptHour = sweptHour
  }

  private static let microsecondsPerHour: Int64 = 3_600_000_000

  /// The model that a session is pinned to; nil where it has none or was idle for too long.
  func model(of session: String, at now: Timestamp, idleSeconds: Int64) -> String? {
    guard let pin = pins[session], now < pin.lastAllowedAt.advanced(bySeconds: idleSeconds) else { return nil }
    return pin.model
  }

  /// A session was allowed a model: the first one pins it, every one keeps it awake.
  mutating func allowed(_ session: String, _ model: String, at now: Timestamp, idleSeconds: Int64) {
    sweep(at: now, idleSeconds: idleSeconds)
    let pinned = self.model(of: session, at: now, idleSeconds: idleSeconds)
    pins[session] = SessionPin(session: session, model: pinned ?? model, lastAllowedAt: now)
  }

  private mutating func sweep(at now: Timestamp, idleSeconds: Int64) {
    let hour = now.microseconds / Self.microsecondsPerHour
    guard hour != sweptHour else { return }
    sweptHour = hour
    let oldest = now.advanced(bySeconds: -idleSeconds)
    for pin in pins.values where pin.lastAllowedAt <= oldest { pins[pin.session] = nil }
  }

  mutating func merge() {
    pins.merge()
    mergedSweptHour = sweptHour
  }

  mutating func drop() {
    pins.drop()
    sweptHour = mergedSweptHour
  }
}

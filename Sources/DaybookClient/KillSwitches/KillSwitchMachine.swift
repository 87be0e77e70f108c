/// What a guard knows and how old that is: pure, with the monotonic time given.
///
/// What makes old news look new is delay between the ledger and here, which a clock on this side alone cannot see. So:
/// the first state of a connection counts from the moment at which it was *asked for*; each message is older by what
/// the ledger says about its own reading; and a message that comes later
/// than the allowed age after the one before it is not believed (the process or the network stood still, and what comes
/// now was buffered): the connection is given up and another one asked.
struct KillSwitchMachine {
  /// A moment of a clock that never goes back and does not stop while the machine sleeps.
  typealias Instant = ContinuousClock.Instant

  /// What to do after a message.
  enum Action: Equatable {
    /// Go on reading.
    case proceed
    /// Give up this connection and make another.
    case reconnect
  }

  private let maximumAge: Duration
  private var active: [ActiveKillSwitch] = []
  private var position: Int64 = 0
  /// When what is known was surely true; nil where nothing is known.
  private var knownAt: Instant?
  private var ignorance: KillSwitchVerdict.UnknownReason = .notConnected
  private var askedAt: Instant?
  private var lastMessageAt: Instant?

  init(maximumAge: Duration) { self.maximumAge = maximumAge }

  /// The switches last heard of, and the position they are of.
  var state: (active: [ActiveKillSwitch], position: Int64) { (active, position) }

  /// A connection is asked for.
  mutating func connects(at now: Instant) {
    askedAt = now
    lastMessageAt = nil
  }

  /// A message came: the state, or a heartbeat that says that it is still so.
  mutating func receives(_ message: KillSwitchMessage, at now: Instant) -> Action {
    guard let asked = askedAt, now - (lastMessageAt ?? asked) <= maximumAge else { return .reconnect }
    let isFirst = lastMessageAt == nil
    // A heartbeat before the state says nothing about the switches.
    if isFirst, message.active == nil { return .reconnect }
    guard message.position >= position else {
      knownAt = nil
      ignorance = .wentBack
      return .reconnect
    }
    lastMessageAt = now
    position = message.position
    if let switches = message.active { active = switches }
    knownAt = (isFirst ? asked : now) - message.age
    return .proceed
  }

  /// The connection is gone; what is known ages on.
  mutating func disconnects(isRefused: Bool) {
    askedAt = nil
    lastMessageAt = nil
    if isRefused {
      knownAt = nil
      ignorance = .refused
    }
  }

  /// May a call go ahead now?
  func check(_ facts: CallFacts, at now: Instant) -> KillSwitchVerdict {
    // What was stopped stays stopped, even by old news: only a newer state can let it go.
    if let stop = active.first(where: { facts.isStopped(by: $0.scope) }) {
      return .stopped(scope: stop.scope, reason: stop.reason, position: stop.position)
    }
    guard let knownAt else { return .unknown(ignorance) }
    let age = now - knownAt
    guard age <= maximumAge else { return .unknown(.tooOld(age: age)) }
    return .allowed(position: position)
  }
}

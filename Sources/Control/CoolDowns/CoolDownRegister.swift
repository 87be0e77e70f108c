import Domain

/// What completions tell about the models' health.
///
/// Recorded time counts, in the order of the log: what a producer says about its own clock cools nothing down. Only
/// models that were configured are watched, as no other can be chosen; so the register is as small as their list.
struct CoolDownRegister: Sendable {
  private(set) var health: Layered<String, ModelHealth>
  /// Models that failed as often as the rule says and did not cool down yet, in that order.
  private(set) var tripped: [String]
  private(set) var mergedTripped: [String]

  init(_ health: [String: ModelHealth] = [:], tripped: [String] = []) {
    self.health = Layered(health)
    self.tripped = tripped
    mergedTripped = tripped
  }

  /// Until when a model is left alone; nil where it is not.
  func coolsUntil(_ model: String, at now: Timestamp) -> Timestamp? {
    health[model].flatMap { $0.isCooling(at: now) ? $0.coolsUntil : nil }
  }

  /// Takes a success in: what failed before it no longer counts.
  mutating func succeeded(_ model: String) {
    guard let known = health[model], !known.failures.isEmpty, !tripped.contains(model) else { return }
    health[model]?.failures = []
  }

  /// Takes a failure in.
  mutating func failed(_ model: String, at now: Timestamp, _ rule: Policy.CoolDown) {
    var known = health[model] ?? ModelHealth()
    guard !known.isCooling(at: now), !tripped.contains(model) else { return }
    let oldest = now.advanced(bySeconds: -rule.windowSeconds)
    known.failures.removeAll { $0 <= oldest }
    known.failures.append(now)
    if known.failures.count >= rule.failures { tripped.append(model) }
    health[model] = known
  }

  mutating func apply(cooled event: AppliedEvent) {
    let model = event.text("model")
    var known = health[model] ?? ModelHealth()
    known.failures = []
    known.coolsUntil = event.moment("until")
    known.coolDowns += 1
    health[model] = known
    tripped.removeAll { $0 == model }
  }

  mutating func merge() {
    health.merge()
    if mergedTripped != tripped { mergedTripped = tripped }
  }

  mutating func drop() {
    health.drop()
    if mergedTripped != tripped { tripped = mergedTripped }
  }
}

internal import Domain

/// A message of `L/kill-switches/stream`.
struct KillSwitchMessage: Equatable {
  /// The ledger's head when it was read.
  var position: Int64
  /// How long before the message was sent that was.
  var age: Duration
  /// All switches that are active; nil in a heartbeat, where they are as they were.
  var active: [ActiveKillSwitch]?

  /// Reads an event; nil for a kind that this client does not know.
  ///
  /// - Throws: ``DaybookError`` with `malformedAnswer`: a guard must not guess.
  init?(_ event: ServerSentEvent) throws(DaybookError) {
    guard event.name == "state" || event.name == "heartbeat" else { return nil }
    let root: JSONView
    do {
      root = try JSONDocument(event.data, limits: JSONLimits(depth: Limits.answerDepth)).root
    } catch {
      throw DaybookError.malformed("the kill switches' feed is not JSON", cause: error)
    }
    guard let position = root["position"]?.integer else {
      throw DaybookError.malformed("the kill switches' feed lacks a position")
    }
    self.position = position
    age = .milliseconds(max(0, root["age_ms"]?.integer ?? 0))
    guard event.name == "state" else { return }
    guard let list = root["active"], list.kind == .array else {
      throw DaybookError.malformed("the kill switches' feed lacks the active ones")
    }
    var active: [ActiveKillSwitch] = []
    for element in list.elements {
      guard let scope = element["scope"]?.string else {
        throw DaybookError.malformed("an active kill switch has no scope")
      }
      active.append(
        ActiveKillSwitch(
          scope: scope, reason: element["reason"]?.string ?? "", position: element["position"]?.integer ?? position,
          since: element["since"]?.string.flatMap { Timestamp(rfc3339: $0) }))
    }
    self.active = active
  }
}

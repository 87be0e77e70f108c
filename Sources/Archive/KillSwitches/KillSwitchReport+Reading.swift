public import Domain
import Log
public import Postgres

extension KillSwitchReport {
  /// Activations that one report covers at most: the latest.
  public static let activationLimit = 100
  /// Calls decided longer before an activation than this are not in flight any more: a day, in seconds.
  static let longestFlight: Int64 = 86_400

  /// Reads what the kill switches of a ledger did.
  ///
  /// - Parameter scope: Only this one, a user by name or by token; nil: all.
  /// - Throws: `LogError.unknownLedger`, `LogError.corrupt`, and what Postgres answers.
  public static func run(_ connection: Connection, ledger: String, scope: ExactText?) throws -> KillSwitchReport {
    // One snapshot for all that is read, so that a busy log does not look torn.
    try connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    defer { _ = try? connection.execute("ROLLBACK") }
    let reader = LogReader(connection, ledger: ledger)
    let head = try reader.head().position
    guard try head > 0 || LedgerRows.names(connection).contains(ledger) else {
      throw LogError(.unknownLedger, "no ledger \(ledger)")
    }
    let wanted = try scope.map { try known($0, connection, ledger) }
    var activations: [Activation] = []
    for change in try changes(reader) where wanted == nil || change.scope == wanted {
      if change.isActivation {
        activations.append(change.activation)
      } else if let place = activations.lastIndex(where: { $0.scope == change.scope && $0.endedAt == nil }) {
        activations[place].endedAt = change.event.position
      }
    }
    let latest = try activations.suffix(activationLimit).reversed().map { activation in
      try filled(activation, head, reader, connection)
    }
    return KillSwitchReport(ledger: ledger, head: head, activations: latest)
  }

  /// The scope as the log has it: a user's name becomes the token.
  private static func known(_ scope: ExactText, _ connection: Connection, _ ledger: String) throws -> ExactText {
    let prefix = "user/"
    guard scope.string.hasPrefix(prefix) else { return scope }
    let name = PersonName(kind: "user", value: ExactText(String(scope.string.dropFirst(prefix.count))))
    let lookup = PersonTokens.lookup(ledger: ledger, [name])
    let tokens = PersonTokens.tokens(try connection.execute(lookup.sql, lookup.parameters))
    return tokens[name].map { ExactText(prefix + $0) } ?? scope
  }

  private static func changes(_ reader: LogReader) throws -> [SwitchChange] {
    var filter = LogFilter()
    filter.types = ["killswitch.activated", "killswitch.deactivated"]
    var changes: [SwitchChange] = []
    try reader.stream(filter) { events in
      changes += try events.map(SwitchChange.init)
      return true
    }
    return changes
  }

  private static func filled(
    _ activation: Activation, _ head: Int64, _ reader: LogReader, _ connection: Connection
  ) throws -> Activation {
    guard let scope = CallScope(activation.scope) else {
      throw LogError(.corrupt, "the event at position \(activation.position) has no scope that there is")
    }
    let queries = CallQueries(connection, ledger: reader.ledger, scope: scope)
    let (low, high) = (activation.position, activation.endedAt ?? head)
    let oldest = try reader.position(at: activation.activatedAt.advanced(bySeconds: -longestFlight))
    var activation = activation
    activation.decided = try queries.decided(after: low, upTo: high)
    activation.refused = try queries.refused(after: low, upTo: high)
    activation.decidedElsewhere = try queries.decidedElsewhere(after: low, upTo: high)
    activation.undecided = try queries.undecided(after: low, upTo: high)
    activation.inFlight = try queries.inFlight(at: low, after: oldest)
    return activation
  }
}

/// One event of a kill switch.
private struct SwitchChange {
  var event: RecordedEvent
  var scope: ExactText
  var reason: String

  var isActivation: Bool { event.type == "killswitch.activated" }

  init(_ event: RecordedEvent) throws {
    guard let data = try? JSON(parsing: event.data), let scope = data["scope"]?.string,
      let reason = data["reason"]?.string
    else { throw LogError(.corrupt, "the event at position \(event.position) cannot be read") }
    self.event = event
    self.scope = ExactText(scope)
    self.reason = reason
  }

  var activation: KillSwitchReport.Activation {
    KillSwitchReport.Activation(
      scope: scope, position: event.position, activatedAt: event.recordedAt, actor: event.actor, reason: reason,
      endedAt: nil, decided: CallList(), refused: CallList(), inFlight: CallList(), decidedElsewhere: CallList(),
      undecided: CallList())
  }
}

import Control
import Domain
import HTTP
import Log
import Postgres

extension API {
  /// Positions before an activation in which calls are looked for that are in flight; `kill-switch report` looks at a day.
  static let flightPositions: Int64 = 50_000
  /// Calls in flight that the answer names at most; it counts all of them.
  static let flightsNamed = 200
  /// An activation is not kept waiting for the list for longer.
  private static let flightTimeout = Duration.seconds(2)

  /// Activates a kill switch, and tells which calls of its scope were decided before and are not known to have ended.
  func activateKillSwitch(_ call: Call) async throws -> HTTPResponse {
    let (command, ledger) = (try CommandCatalogue.activateKillSwitch(call.body()), call.ledger)
    let (key, digest) = (try call.idempotencyKey(), try call.digest())
    let writer = try registry.writer(ledger)
    let answer = try await measured(ledger) {
      try await writer.command(
        command, by: call.key.principal, key: key, request: digest, freshID: FreshID.next())
    }
    let flight = await callsInFlight(answer.events.first, ledger)
    return .json(
      200, Self.body(of: answer, ledger: ledger, extra: flight.map { [("in_flight", $0)] } ?? []))
  }

  /// The calls in flight at an activation; nil where the log does not tell in time: the switch is active all the same.
  private func callsInFlight(_ event: RecordedEvent?, _ ledger: String) async -> JSON? {
    guard let event, let data = try? JSON(parsing: event.data), let text = data["scope"]?.string,
      let scope = CallScope(ExactText(text))
    else { return nil }
    let after = max(0, event.position - Self.flightPositions)
    let list = try? await readers.withConnection { connection in
      let usual = connection.callTimeout
      connection.callTimeout = Self.flightTimeout
      defer { connection.callTimeout = usual }
      return try CallQueries(connection, ledger: ledger, scope: scope)
        .inFlight(at: event.position, after: after, atMost: Self.flightsNamed)
    }
    return list.map {
      .object([
        "after": .integer(after), "count": .integer($0.count), "calls": .array($0.calls.map(\.json)),
      ])
    }
  }
}

public import Domain

/// An event that was added to an appender and that the ledger will never take.
public struct RefusedEvent: Sendable {
  /// The whole CloudEvent as JSON text. It may hold personal data: do not log it.
  public var event: [UInt8]
  /// Why: the ledger's problem, with the faults of this event.
  public var reason: DaybookError
  /// When the refusal came, by this machine's clock.
  public var time: Timestamp

  /// The event's id.
  public var id: String? { (try? JSONDocument(event))?.root["id"]?.string }

  /// A line of the file `refused.ndjson`.
  var line: [UInt8] {
    var line = JSON.object([
      "code": .text(reason.code.description), "detail": reason.detail.map { .text($0) },
      "errors": reason.faults.isEmpty
        ? nil
        : .array(
          reason.faults.map {
            .object(["code": .text($0.code), "detail": .text($0.detail), "pointer": .text($0.pointer)])
          }),
      "problem": reason.problemType.map { .text($0) },
      "status": reason.status.map { .integer(Int64($0)) }, "time": .text(time.description),
    ]).canonical
    line.removeLast()
    line += Array(",\"event\":".utf8)
    line += event
    line += [0x7D, 0x0A]
    return line
  }
}

extension RefusedEvent: CustomStringConvertible {
  /// The reason; never the event.
  public var description: String { "RefusedEvent(\(reason))" }
}

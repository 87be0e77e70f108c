public import Domain

/// A record of the log: the event as it was said, where it stands, and what the ledger concluded.
///
/// Views share the bytes of the answer they came in; `data.canonical` copies what is to be kept for long.
public struct LogRecord: Sendable {
  /// The event's identity within its source.
  public let id: String
  /// Who produced it.
  public let source: String
  /// The catalogue's name, or `x.…`.
  public let type: String
  /// The version of the type.
  public let typeVersion: Int
  /// What it is about.
  public let subject: String
  /// Its place in the ledger, from 1.
  public let position: Int64
  /// Its place among the events of its subject, from 1.
  public let sequence: Int64
  /// When it happened, by its producer's word.
  public let time: Timestamp
  /// When the ledger recorded it.
  public let recordedTime: Timestamp
  /// The key that appended it.
  public let actor: String
  /// What kind of key that was.
  public let actorKind: String
  /// What belongs together.
  public let correlationID: String?
  /// The id of the event that caused it.
  public let causationID: String?
  /// W3C trace context.
  public let traceparent: String?
  /// The producer's data, personal members included unless they were erased.
  public let data: JSONView
  /// What the ledger concluded, such as the cost lines; nil where nothing.
  public let derived: JSONView?
  /// The whole record `{event, derived}`.
  public let json: JSONView

  /// Reads `{event: CloudEvent, derived: {…}}`.
  ///
  /// - Throws: ``DaybookError`` with `malformedAnswer`, naming the member.
  public init(_ record: JSONView) throws(DaybookError) {
    guard let event = record["event"] else { throw DaybookError.malformed("a record has no event") }
    json = record
    id = try Self.text(event, "id")
    source = try Self.text(event, "source")
    type = try Self.text(event, "type")
    typeVersion = Int(event["typeversion"].flatMap(Self.number) ?? 1)
    subject = try Self.text(event, "subject")
    position = try Self.number(event, "position")
    sequence = try Self.number(event, "subjectsequence")
    time = try Self.moment(event, "time")
    recordedTime = try Self.moment(event, "recordedtime")
    actor = try Self.text(event, "actor")
    actorKind = try Self.text(event, "actorkind")
    correlationID = event["correlationid"]?.string
    causationID = event["causationid"]?.string
    traceparent = event["traceparent"]?.string
    guard let data = event["data"] else { throw DaybookError.malformed("a record has no data") }
    self.data = data
    derived = record["derived"].flatMap { $0.kind == .null ? nil : $0 }
  }

  private static func text(_ event: JSONView, _ name: String) throws(DaybookError) -> String {
    guard let text = event[name]?.string else { throw DaybookError.malformed("a record has no \(name)") }
    return text
  }

  /// CloudEvents integers have 32 bits, so the ledger's are decimal strings there.
  private static func number(_ view: JSONView) -> Int64? { view.integer ?? view.string.flatMap { Int64($0) } }

  private static func number(_ event: JSONView, _ name: String) throws(DaybookError) -> Int64 {
    guard let value = event[name].flatMap(number) else {
      throw DaybookError.malformed("a record has no \(name)")
    }
    return value
  }

  private static func moment(_ event: JSONView, _ name: String) throws(DaybookError) -> Timestamp {
    guard let moment = event[name]?.string.flatMap({ Timestamp(rfc3339: $0) }) else {
      throw DaybookError.malformed("a record has no \(name)")
    }
    return moment
  }
}

extension LogRecord: CustomStringConvertible {
  /// Position, type, subject and id; never the data.
  public var description: String { "\(position) \(type) \(subject) \(id)" }
}

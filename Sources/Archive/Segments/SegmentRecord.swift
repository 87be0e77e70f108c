import Crypto
import Domain
import Exports
import Integrity

/// The records of events in segments and personal files.
enum SegmentRecord {
  /// Appends the canonical record of an event. Position and ledger follow from the segment, and the payload hash from
  /// what is
  /// here; the personal hash could not be recomputed once the personal part is erased, so it is kept.
  ///
  /// - Parameter event: Its data and conclusions are canonical.
  static func append(_ event: RecordedEvent, to bytes: inout [UInt8]) {
    text("{\"actor\":", event.actor, &bytes)
    text(",\"actorkind\":", event.actorKind.rawValue, &bytes)
    if let causationID = event.causationID { text(",\"causationid\":", causationID, &bytes) }
    if let correlationID = event.correlationID { text(",\"correlationid\":", correlationID, &bytes) }
    bytes += ",\"data\":".utf8
    bytes += event.data
    if let derived = event.derived {
      bytes += ",\"derived\":".utf8
      bytes += derived
    }
    text(",\"id\":", event.id, &bytes)
    if let hash = event.personalHash {
      bytes += ",\"personalhash\":\"".utf8
      Hex.append(hash, to: &bytes)
      bytes.append(UInt8(ascii: "\""))
    }
    bytes += ",\"recordedtime\":\"".utf8
    event.recordedAt.append(to: &bytes)
    bytes += "\",\"sequence\":".utf8
    JSONWriter.appendInteger(event.sequence, to: &bytes)
    text(",\"source\":", event.source, &bytes)
    text(",\"subject\":", event.subject, &bytes)
    bytes += ",\"time\":\"".utf8
    event.occurredAt.append(to: &bytes)
    bytes.append(UInt8(ascii: "\""))
    if let traceparent = event.traceparent { text(",\"traceparent\":", traceparent, &bytes) }
    text(",\"type\":", event.type, &bytes)
    bytes += ",\"typeversion\":".utf8
    JSONWriter.appendInteger(Int64(event.typeVersion), to: &bytes)
    bytes.append(UInt8(ascii: "}"))
  }

  /// The event with canonical data, conclusions and personal part.
  ///
  /// - Throws: `corrupt` where one of them is no JSON of the ledger's, or they do not give the payload hash.
  static func canonical(_ event: RecordedEvent) throws(ArchiveError) -> RecordedEvent {
    var event = event
    do throws(JSONFaults) {
      event.data = try JSONDocument(event.data, limits: limits).root.canonical
      if let derived = event.derived { event.derived = try JSONDocument(derived, limits: limits).root.canonical }
      if let part = event.personal { event.personal = try JSONDocument(part, limits: limits).root.canonical }
    } catch { throw ArchiveError(.corrupt, "position \(event.position) holds no JSON that the ledger takes") }
    let hash = EventHash.payload(data: event.data, derived: event.derived, personalHash: event.personalHash)
    guard hash == event.payloadHash else {
      throw ArchiveError(.corrupt, "position \(event.position) does not give its payload hash: run `daybook verify`")
    }
    return event
  }

  /// The canonical record of an event's personal part, which is canonical.
  ///
  /// - Parameter offset: The event's place in its segment, from 0.
  static func personal(_ part: [UInt8], salt: [UInt8], offset: Int64) -> [UInt8] {
    var bytes = Array("{\"offset\":".utf8)
    JSONWriter.appendInteger(offset, to: &bytes)
    bytes += ",\"personal\":".utf8
    bytes += part
    bytes += ",\"salt\":\"".utf8
    Hex.append(salt, to: &bytes)
    bytes += "\"}".utf8
    return bytes
  }

  /// The canonical record of a person whom events name by token alone.
  static func person(_ person: SegmentContents.Person) -> [UInt8] {
    JSON.object(["kind": .text(person.kind), "token": .text(person.token), "value": .text(person.value)]).canonical
  }

  /// What a dictionary may learn from: data and conclusions without the tokens of persons, nothing else.
  static func sample(_ event: RecordedEvent) -> [UInt8]? {
    guard let data = try? JSON(parsing: event.data, limits: limits) else { return nil }
    var sample = JSON.object(["data": data])
    if let bytes = event.derived, var derived = try? JSON(parsing: bytes, limits: limits), derived.members != nil {
      derived["persons"] = nil
      sample["derived"] = derived
    }
    return sample.canonical
  }

  /// What the ledger itself stored, in Postgres's spelling.
  private static let limits = JSONLimits(depth: 64, bytes: 1 << 20)

  private static func text(_ name: StaticString, _ text: String, _ bytes: inout [UInt8]) {
    bytes.append(literal: name)
    JSONWriter.appendString(text, to: &bytes)
  }
}

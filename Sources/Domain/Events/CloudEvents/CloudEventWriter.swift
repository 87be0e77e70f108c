extension RecordedEvent {
  /// Appends the event as a structured CloudEvent, the personal part joined back into its data.
  ///
  /// CloudEvents integers have 32 bits, so position and sequence are decimal strings. The data may stand there in
  /// Postgres's spelling.
  public func appendCloudEvent(to bytes: inout [UInt8]) {
    bytes.append(literal: "{\"actor\":")
    Self.append(actor, to: &bytes)
    bytes.append(literal: ",\"actorkind\":\"")
    bytes.append(literal: actorKind.literal)
    bytes.append(UInt8(ascii: "\""))
    if let causationID { Self.member(",\"causationid\":", causationID, to: &bytes) }
    if let correlationID { Self.member(",\"correlationid\":", correlationID, to: &bytes) }
    bytes.append(literal: ",\"data\":")
    PersonalPart.appendJoined(data, personal, to: &bytes)
    Self.member(",\"datacontenttype\":\"application/json\",\"id\":", id, to: &bytes)
    Self.member(",\"ledger\":", ledger, to: &bytes)
    bytes.append(literal: ",\"position\":\"")
    JSONWriter.appendInteger(position, to: &bytes)
    bytes.append(literal: "\",\"recordedtime\":\"")
    recordedAt.append(to: &bytes)
    Self.member("\",\"source\":", source, to: &bytes)
    Self.member(",\"specversion\":\"1.0\",\"subject\":", subject, to: &bytes)
    bytes.append(literal: ",\"subjectsequence\":\"")
    JSONWriter.appendInteger(sequence, to: &bytes)
    bytes.append(literal: "\",\"time\":\"")
    occurredAt.append(to: &bytes)
    bytes.append(UInt8(ascii: "\""))
    if let traceparent { Self.member(",\"traceparent\":", traceparent, to: &bytes) }
    Self.member(",\"type\":", type, to: &bytes)
    bytes.append(literal: ",\"typeversion\":")
    JSONWriter.appendInteger(Int64(typeVersion), to: &bytes)
    bytes.append(UInt8(ascii: "}"))
  }

  /// Appends the record of the log: `{"event": CloudEvent, "derived": {…}}`, `derived` empty where nothing was concluded.
  public func appendRecord(to bytes: inout [UInt8]) {
    bytes.append(literal: "{\"event\":")
    appendCloudEvent(to: &bytes)
    bytes.append(literal: ",\"derived\":")
    if let derived { bytes.append(contentsOf: derived) } else { bytes.append(literal: "{}") }
    bytes.append(UInt8(ascii: "}"))
  }

  /// The data as its producer said it: JSON text with the personal part joined back in, unless that was erased.
  public var joinedData: [UInt8] {
    var bytes: [UInt8] = []
    PersonalPart.appendJoined(data, personal, to: &bytes)
    return bytes
  }

  @inline(__always) private static func member(_ name: StaticString, _ text: String, to bytes: inout [UInt8]) {
    bytes.append(literal: name)
    append(text, to: &bytes)
  }

  @inline(__always) private static func append(_ text: String, to bytes: inout [UInt8]) {
    JSONWriter.appendString(text, to: &bytes)
  }
}

extension ActorKind {
  fileprivate var literal: StaticString {
    switch self {
    case .human: "human"
    case .service: "service"
    case .agent: "agent"
    case .system: "system"
    }
  }
}

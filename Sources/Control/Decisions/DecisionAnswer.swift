public import Domain

/// What a caller is told about its decision, read back from the decision's event: the first time and every other time.
public enum DecisionAnswer {
  /// Where a member of the answer comes from.
  private enum Source {
    /// The event itself.
    case envelope
    /// What was asked.
    case data
    /// What was concluded.
    case derived
  }

  /// The members that it shows, in the order of RFC 8785.
  private static let members: [(name: String, source: Source)] = [
    ("approval", .derived), ("candidates", .derived), ("duplicate", .envelope), ("estimate", .derived),
    ("fallbacks", .derived), ("id", .envelope), ("ledger", .envelope), ("model", .data), ("operation", .data),
    ("outcome", .derived), ("position", .envelope), ("price_ids", .derived), ("provider", .data),
    ("rationale", .derived), ("reasons", .derived), ("recordedtime", .envelope), ("relied_on", .derived),
    ("reservations", .derived), ("retry_after_ms", .derived), ("rules_version", .derived),
  ]

  /// The answer in RFC 8785 form; nil where the event is no decision of the ledger's.
  ///
  /// What was recorded is copied as it is scanned, as this is on the path of every decision.
  ///
  /// - Parameter isDuplicate: true where the decision was asked for before.
  public static func body(of event: RecordedEvent, isDuplicate: Bool) -> [UInt8]? {
    guard event.type == "route.decided" || event.type == "route.denied", event.typeVersion >= 2,
      let data = try? JSONDocument(event.data).root,
      let derived = event.derived.flatMap({ try? JSONDocument($0).root })
    else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(512 + event.data.count + (event.derived?.count ?? 0))
    for (name, source) in members {
      let recorded: JSONView?
      switch source {
      case .envelope: recorded = nil
      case .data: recorded = data[name]
      case .derived: recorded = derived[name]
      }
      if recorded == nil && source != .envelope { continue }
      bytes.append(UInt8(ascii: bytes.isEmpty ? "{" : ","))
      JSONWriter.appendString(name, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      if let recorded {
        recorded.appendCanonical(to: &bytes)
      } else {
        append(name, of: event, isDuplicate, to: &bytes)
      }
    }
    bytes.append(UInt8(ascii: "}"))
    return bytes
  }

  private static func append(_ name: String, of event: RecordedEvent, _ isDuplicate: Bool, to bytes: inout [UInt8]) {
    switch name {
    case "duplicate": bytes.append(literal: isDuplicate ? "true" : "false")
    case "id": JSONWriter.appendString(event.id, to: &bytes)
    case "ledger": JSONWriter.appendString(event.ledger, to: &bytes)
    case "position": JSONWriter.appendInteger(event.position, to: &bytes)
    case "recordedtime": JSONWriter.appendString(event.recordedAt.description, to: &bytes)
    default: preconditionFailure("the envelope has no \(name)")
    }
  }
}

import Domain

/// Events to change and break.
enum SampleEvents {
  static let completion = """
    {"specversion":"1.0","id":"0197-a","source":"/gateway/eu","type":"completion.recorded","subject":"call/7",\
    "time":"2026-01-02T03:04:05.123456Z","datacontenttype":"application/json","correlationid":"run-1",\
    "traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",\
    "data":{"operation":"chat_message","model":"deepseek","provider":"deepseek","attempt":1,"status":"ok",\
    "usage":{"input_tokens":1200,"output_tokens":340,"cache_read_tokens":0},"usage_source":"provider","latency_ms":812,\
    "user":"alice","session":"s-1","team":"growth","tags":{"env":"prod"},\
    "reported_cost":{"amount":"0.00123","currency":"USD"}}}
    """

  static let cost = """
    {"specversion":"1.0","id":"c1","source":"/billing","type":"cost.incurred","subject":"cost/c1",\
    "data":{"category":"vm","cost":{"amount":"-12.5","currency":"EUR"},"period_start":"2026-01-01T00:00:00Z",\
    "period_end":"2026-02-01T00:00:00+01:00"}}
    """

  static let revenue = """
    {"specversion":"1.0","id":"r1","source":"/billing","type":"revenue.earned","subject":"revenue/r1",\
    "data":{"revenue":{"amount":"10","currency":"USD"},"strategy":"ads","customer":"Łukasz","earned_at":"2026-01-01T00:00:00Z"}}
    """

  static let route = """
    {"specversion":"1.0","id":"d1","source":"/gateway/eu","type":"route.decided","subject":"call/7",\
    "data":{"operation":"chat_message","model":"deepseek","provider":"deepseek","decided_by":"external"}}
    """

  static let own = """
    {"specversion":"1.0","id":"x1","source":"/app","type":"x.order.shipped","subject":"order/9",\
    "data":{"n":[1,2,{"a":null}],"personal":{"who":"bob"}}}
    """

  static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  static func draft(_ text: String) throws -> EventDraft { try CloudEvents.read(event: bytes(text)) }

  /// A recorded event made of a draft, as the log would keep it.
  static func recorded(
    _ draft: EventDraft, position: Int64 = 42, sequence: Int64 = 2, derived: String? = nil
  ) -> RecordedEvent {
    let now = Timestamp(microseconds: 1_767_323_046_000_000)
    return RecordedEvent(
      ledger: "main", position: position, id: draft.id, source: draft.source, type: draft.type,
      typeVersion: draft.typeVersion, subject: draft.subject, sequence: sequence, occurredAt: draft.time ?? now,
      recordedAt: now, actor: "k1", actorKind: .service, correlationID: draft.correlationID,
      causationID: draft.causationID, traceparent: draft.traceparent, data: draft.data, personal: draft.personal,
      salt: draft.personal == nil ? nil : [UInt8](repeating: 7, count: 16),
      personalHash: draft.personal == nil ? nil : [UInt8](repeating: 9, count: 32), derived: derived.map(bytes),
      payloadHash: [UInt8](repeating: 1, count: 32))
  }
}

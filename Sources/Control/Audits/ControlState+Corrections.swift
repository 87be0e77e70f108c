import Domain

extension ControlState {
  /// The correction of an entry that an event records, as a command.
  func reenactedCorrection(_ event: AppliedEvent) -> Command? {
    switch event.type {
    case "entry.reversed":
      guard let position = event.data["reverses"]?.integer, let reason = event.data["reason"]?.string else {
        return nil
      }
      return .reverseEntry(position: position, reason: reason)
    case "cost.restated":
      guard var body = event.data.members else { return nil }
      body["position"] = body["restates"]
      body["restates"] = nil
      return .restateEntry(.object(body))
    default: return nil
    }
  }

  /// What a correction of an entry saw: the entry as it travels along, and what was booked of it by the event's own word.
  func addEntry(of event: AppliedEvent, to context: inout CommandContext) {
    guard let entry = event.derived?["entry"] ?? event.derived?["reversed"],
      let position = entry["position"]?.integer, let type = entry["type"]?.string
    else { return }
    context.events[position] = Self.recorded(position, type, entry["data"], entry["derived"], event)
    context.sequences[event.subject] = event.sequence - 1
    guard event.sequence > 1 else { return }
    let booked = event.derived?["before"] ?? event.derived?["effective"]
    context.lastEvents[event.subject] = Self.recorded(
      event.position, "cost.restated", .object(JSONObject()), .object(["after": booked]), event)
  }

  private static func recorded(
    _ position: Int64, _ type: String, _ data: JSON?, _ derived: JSON?, _ event: AppliedEvent
  ) -> RecordedEvent {
    RecordedEvent(
      ledger: "", position: position, id: "", source: "", type: type, typeVersion: 1, subject: event.subject,
      sequence: 1, occurredAt: event.occurredAt, recordedAt: event.recordedAt, actor: event.actor,
      actorKind: event.actorKind, data: (data ?? .null).canonical, derived: derived?.canonical, payloadHash: [])
  }

  /// The position and root that a closing claims, of the event itself or of the approval that it grants. Whether the log
  /// had that root is the verification's to say.
  func addRoots(of event: AppliedEvent, to context: inout CommandContext) {
    let claim =
      event.type == "period.closed"
      ? event.data : event.data["approval"]?.string.flatMap { approvals[$0] }.flatMap { Change($0.change) }?.body
    guard let position = claim?["position"]?.integer, let root = claim?["root"]?.string else { return }
    context.roots[position] = root
  }

  /// What an adjustment of a re-rating must conclude, from the entry that travels along and the prices known then; nil
  /// where it belongs to no re-rating that is under way, or its completion does not change.
  func reenactedAdjustment(_ event: AppliedEvent) -> JSON? {
    guard let rerate = event.data["rerate"]?.string.flatMap({ rerates[$0] }), let entry = event.derived?["entry"],
      let position = entry["position"]?.integer, position <= rerate.position, position > rerate.through,
      let moment = event.derived?["priced_at"]?.string.flatMap({ Timestamp(rfc3339: $0) }),
      let data = entry["data"].flatMap({ try? JSONDocument($0.canonical).root }),
      let derived = entry["derived"].flatMap({ try? JSONDocument($0.canonical).root }),
      let day = derived["posting_date"]?.string.flatMap({ CivilDate($0) })
    else { return nil }
    let isFirst = event.sequence == 1
    let adjustment = Adjustment(
      position: position, data: data,
      booked: isFirst ? derived["cost"].flatMap { Money($0) } : event.derived?["before"].flatMap { Money($0) },
      day: day, occurredAt: moment, sequence: event.sequence - 1, book: rerate.book)
    guard var adjustment else { return nil }
    adjustment.prepare(data: data, derived: derived)
    return try? JSON(parsing: adjustment.derived(firstOpen: periods.firstOpen))
  }
}

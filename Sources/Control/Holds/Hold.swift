public import Domain

/// A hold: while it stands, no event that it matches is erased.
///
/// It matches events that fit all that it names; one that names nothing matches the whole ledger.
public struct Hold: Sendable, Equatable {
  /// Chosen by who placed it.
  public var id: String
  /// Events about this subject only.
  public var subject: String?
  /// Events that name this person only, known by the token.
  public var person: ErasableEvent.Person?
  /// Events recorded at or after this moment only.
  public var from: Timestamp?
  /// Events recorded before this moment only.
  public var until: Timestamp?
  /// Why.
  public var reason: String
  /// The key that placed it.
  public var actor: String
  /// The owner accountable for that key.
  public var owner: String
  /// Position of `hold.placed`.
  public var position: Int64
  /// When it was placed.
  public var placedAt: Timestamp

  /// True for an event that it keeps.
  public func matches(_ event: ErasableEvent) -> Bool {
    if let subject, event.subject != subject { return false }
    if let person, !event.persons.contains(where: { $0.token == person.token }) { return false }
    if let from, event.recordedAt < from { return false }
    if let until, event.recordedAt >= until { return false }
    return true
  }

  /// True where nobody may forget who a token stands for.
  func keepsName(of token: String) -> Bool {
    subject == nil && from == nil && until == nil && (person == nil || person?.token == token)
  }
}

extension Hold {
  /// The hold that an event places.
  init(placed event: AppliedEvent) {
    let data = event.data
    self.init(
      id: event.text("hold"), subject: data["subject"]?.string,
      person: data["person"]?.string.map {
        .init(kind: data["kind"]?.string ?? ErasureSelector.usualKind, token: $0)
      },
      from: data["from"] == nil ? nil : event.moment("from"),
      until: data["until"] == nil ? nil : event.moment("until"), reason: event.text("reason"), actor: event.actor,
      owner: event.owner, position: event.position, placedAt: event.recordedAt)
  }

  var snapshot: JSON {
    .object([
      "hold": .text(id), "subject": subject.map(JSON.text), "kind": person.map { .text($0.kind) },
      "person": person.map { .text($0.token) }, "from": from.map { .text($0.description) },
      "until": until.map { .text($0.description) }, "reason": .text(reason), "actor": .text(actor),
      "owner": .text(owner), "position": .integer(position), "placed_at": .text(placedAt.description),
    ])
  }

  init(_ reader: SnapshotReader) throws(SnapshotFault) {
    let kind = reader.optionalText("kind")
    self.init(
      id: try reader.text("hold"), subject: reader.optionalText("subject"),
      person: reader.optionalText("person").map { .init(kind: kind ?? ErasureSelector.usualKind, token: $0) },
      from: try reader.optionalMoment("from"), until: try reader.optionalMoment("until"),
      reason: try reader.text("reason"), actor: try reader.text("actor"), owner: try reader.text("owner"),
      position: try reader.integer("position"), placedAt: try reader.moment("placed_at"))
  }
}

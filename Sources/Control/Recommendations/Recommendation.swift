public import Domain

/// A change that somebody, often an agent, thinks would pay; it waits until a person accepts or dismisses it.
public struct Recommendation: Sendable, Equatable {
  /// What is to be changed.
  public enum Kind: String, Sendable, Hashable, CaseIterable { case route, model }

  /// Chosen by the ledger.
  public var id: String
  /// What is to be changed.
  public var kind: Kind
  /// The operation that it is about.
  public var operation: String
  /// The change that it proposes, with the sequence of the subject when it was made.
  public var change: Change
  /// The key that made it.
  public var actor: String
  /// The kind of that key.
  public var actorKind: ActorKind
  /// The accountable owner.
  public var owner: String
  /// Position of `recommendation.made`.
  public var position: Int64
  /// When it was made.
  public var madeAt: Timestamp
}

extension Recommendation.Kind {
  /// The operation of the proposed change.
  public var changes: Change.Operation {
    switch self {
    case .route: .configureRoute
    case .model: .configureModel
    }
  }
}

extension Recommendation {
  var snapshot: JSON {
    .object([
      "id": .text(id), "kind": .text(kind.rawValue), "operation": .text(operation), "change": change.json,
      "actor": .text(actor), "actor_kind": .text(actorKind.rawValue), "owner": .text(owner),
      "position": .integer(position), "made_at": .text(madeAt.description),
    ])
  }

  init(_ reader: SnapshotReader) throws(SnapshotFault) {
    guard let change = reader.json["change"].flatMap({ Change($0) }) else { throw SnapshotReader.fault("change") }
    self.init(
      id: try reader.text("id"), kind: try reader.value("kind", Kind.self), operation: try reader.text("operation"),
      change: change, actor: try reader.text("actor"), actorKind: try reader.value("actor_kind", ActorKind.self),
      owner: try reader.text("owner"), position: try reader.integer("position"),
      madeAt: try reader.moment("made_at"))
  }
}

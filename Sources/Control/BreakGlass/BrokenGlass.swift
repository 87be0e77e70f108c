public import Domain

/// A change that an admin made alone, until another owner has reviewed it.
public struct BrokenGlass: Sendable, Equatable {
  /// Chosen by the ledger.
  public var id: String
  /// What the change was.
  public var kind: ApprovalKind
  /// What it put at stake.
  public var risk: ApprovalRisk
  /// The exact change.
  public var change: JSON
  /// Why nobody else could be asked.
  public var reason: String
  /// The key that made it.
  public var actor: String
  /// The accountable owner, who cannot review it.
  public var owner: String
  /// Position of `breakglass.used`.
  public var position: Int64
  /// When it was made.
  public var usedAt: Timestamp
}

extension BrokenGlass {
  var snapshot: JSON {
    .object([
      "id": .text(id), "kind": .text(kind.rawValue), "risk": .text(risk.rawValue), "change": change,
      "reason": .text(reason), "actor": .text(actor), "owner": .text(owner), "position": .integer(position),
      "used_at": .text(usedAt.description),
    ])
  }

  init(_ reader: SnapshotReader) throws(SnapshotFault) {
    guard let change = reader.json["change"] else { throw SnapshotReader.fault("change") }
    self.init(
      id: try reader.text("id"), kind: try reader.value("kind", ApprovalKind.self),
      risk: try reader.value("risk", ApprovalRisk.self), change: change, reason: try reader.text("reason"),
      actor: try reader.text("actor"), owner: try reader.text("owner"), position: try reader.integer("position"),
      usedAt: try reader.moment("used_at"))
  }
}

public import Domain

/// A person who is accountable for keys.
public struct Owner: Sendable, Equatable {
  /// Chosen when added; unique.
  public var id: String
  /// How people call the owner.
  public var name: String
  /// Position of `owner.added`.
  public var position: Int64
  /// When the owner was added.
  public var addedAt: Timestamp
  /// True where an admin added the owner alone and nobody has approved of it since: nothing that they grant counts.
  public var isUnreviewed: Bool
}

extension Owner {
  var snapshot: JSON {
    .object([
      "id": .text(id), "name": .text(name), "position": .integer(position), "added_at": .text(addedAt.description),
      "unreviewed": .boolean(isUnreviewed),
    ])
  }

  init(_ reader: SnapshotReader) throws(SnapshotFault) {
    self.init(
      id: try reader.text("id"), name: try reader.text("name"), position: try reader.integer("position"),
      addedAt: try reader.moment("added_at"), isUnreviewed: try reader.boolean("unreviewed"))
  }
}

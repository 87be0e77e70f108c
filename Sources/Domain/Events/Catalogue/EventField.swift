/// A member of an event's data, or of an object inside it.
public struct EventField: Sendable, Equatable {
  /// The key: ASCII, snake_case.
  public var name: String
  /// What it may hold.
  public var kind: FieldKind
  /// False where the member may be missing; missing is never the same as 0.
  public var isRequired: Bool
  /// What the member is about a person for.
  public var privacy: Privacy
  /// For people: one sentence.
  public var description: String

  /// Whether a member is kept apart so that it can be erased.
  public enum Privacy: Sendable, Equatable {
    /// It stays in `data`.
    case plain
    /// It goes to the personal part.
    case personal
    /// It goes to the personal part and names a person of this kind (`user`, `session`, `customer`): it gets a token.
    case person(String)
  }

  /// Makes a field.
  public init(
    _ name: String, _ kind: FieldKind, isRequired: Bool = true, privacy: Privacy = .plain, _ description: String
  ) {
    self.name = name
    self.kind = kind
    self.isRequired = isRequired
    self.privacy = privacy
    self.description = description
  }

  /// A field that may be missing.
  static func optional(
    _ name: String, _ kind: FieldKind, privacy: Privacy = .plain, _ description: String
  ) -> EventField {
    EventField(name, kind, isRequired: false, privacy: privacy, description)
  }
}

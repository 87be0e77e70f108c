/// Which events an erasure empties.
public enum ErasureSelection: Sendable, Hashable {
  /// Those that name a person, who is forgotten with them.
  case user(String)
  /// Those that name a session, or a customer, who is forgotten with them.
  case person(kind: PersonKind, String)
  /// Those about a subject, such as `call/42`.
  case subject(String)
  /// Those at these positions, 1 to 1,000 of them.
  case positions([Int64])

  /// What kind of name a person has.
  public enum PersonKind: String, Sendable, Hashable, CaseIterable {
    /// Who calls are for.
    case user
    /// A conversation.
    case session
    /// Who pays.
    case customer
  }
}

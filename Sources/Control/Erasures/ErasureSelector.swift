public import Domain

/// Which events an erasure empties: those about a subject, those that name a person, or those at positions.
public struct ErasureSelector: Sendable, Equatable {
  /// What the events have in common.
  public enum Choice: Sendable, Equatable {
    /// Events about one subject.
    case subject(String)
    /// Events that name a person, known by the token.
    case person(kind: String, token: String)
    /// Events at these positions, ascending.
    case positions([Int64])
  }

  /// What the events have in common.
  public var choice: Choice
  /// Only events recorded before this moment; nil: all of them.
  public var before: Timestamp?

  /// Makes a selector.
  public init(_ choice: Choice, before: Timestamp? = nil) {
    self.choice = choice
    self.before = before
  }

  /// Reads the selector of an erasure's body, in which a token stands for the person; nil where it has none.
  public init?(_ body: JSON) {
    if let subject = body["subject"]?.string {
      choice = .subject(subject)
    } else if let token = body["person"]?.string {
      choice = .person(kind: body["kind"]?.string ?? Self.usualKind, token: token)
    } else if let positions = body["positions"]?.elements {
      choice = .positions(Set(positions.compactMap(\.integer)).sorted())
    } else {
      return nil
    }
    before = body["before"]?.string.flatMap { Timestamp(rfc3339: $0) }
  }

  /// The kind of person where none is told.
  public static let usualKind = "user"

  /// The token of the person who is forgotten with it: who is erased up to a moment only is still known by name.
  public var forgottenPerson: String? {
    if case .person(_, let token) = choice, before == nil { token } else { nil }
  }

  /// True for an event that it selects, whether or not the event has a personal part.
  public func selects(_ event: ErasableEvent) -> Bool {
    if let before, event.recordedAt >= before { return false }
    return switch choice {
    case .subject(let subject): event.subject == subject
    case .person(_, let token): event.persons.contains { $0.token == token }
    case .positions(let positions): positions.contains(event.position)
    }
  }
}

/// An event that has a personal part: what erasures and holds look at.
public struct ErasableEvent: Sendable, Equatable {
  /// A person whom the event names.
  public struct Person: Sendable, Equatable {
    /// `user`, `session` or `customer`.
    public var kind: String
    /// Stands for the person.
    public var token: String
    /// Makes a mention.
    public init(kind: String, token: String) {
      self.kind = kind
      self.token = token
    }
  }

  /// Its place in the ledger.
  public var position: Int64
  /// What it is about.
  public var subject: String
  /// When it was recorded.
  public var recordedAt: Timestamp
  /// Whom it names.
  public var persons: [Person]

  /// Makes an event from `derived.persons`, whose members are the pointers, or names, of the members that name persons.
  public init(position: Int64, subject: String, recordedAt: Timestamp, persons: JSON?) {
    self.position = position
    self.subject = subject
    self.recordedAt = recordedAt
    self.persons = (persons?.members ?? [:]).compactMap { name, token in
      token.string.map { Person(kind: String(name.string.split(separator: "/").last ?? ""), token: $0) }
    }
  }
}

/// What a selector finds in the log.
public struct Erasable: Sendable, Equatable {
  /// The events that have a personal part, ascending; one more than may be erased at once where there are more.
  public var events: [ErasableEvent]
  /// True where the selected person's name is known.
  public var isPersonKnown: Bool

  /// Makes a finding.
  public init(events: [ErasableEvent] = [], isPersonKnown: Bool = false) {
    self.events = events
    self.isPersonKnown = isPersonKnown
  }
}

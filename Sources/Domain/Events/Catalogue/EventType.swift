/// One version of one type of event: what it means, what it is about and what it holds.
public struct EventType: Sendable {
  /// The name, such as `completion.recorded`; `x.*` for the users' own types.
  public let name: String
  /// From 1. A newer version never changes the meaning of an older one.
  public let version: Int
  /// For people: one or two sentences.
  public let description: String
  /// What the subject looks like: `call/`, followed by anything; nil where anything goes.
  public let subjectPrefix: String?
  /// True where only the ledger itself writes such events; an append of one is refused with the code `command-only`.
  public let isCommandOnly: Bool
  /// The members of `data`; nil where any object goes (`x.*`).
  public let fields: [EventField]?
  /// Two members of kind timestamp that bound a half-open period: the first lies before the second.
  public let period: Period?
  let schema: Schema

  /// A half-open period that two members name.
  public struct Period: Sendable, Equatable {
    /// The member with the first moment of the period.
    public let start: String
    /// The member with the first moment after it.
    public let end: String
    /// The longest that it may be: costs are spread over its days, each of which books a row.
    public let longestDays: Int64
  }

  init(
    _ name: String, version: Int = 1, subject: String?, isCommandOnly: Bool, period: Period? = nil,
    fields: [EventField]?, _ description: String
  ) {
    self.name = name
    self.version = version
    self.description = description
    self.subjectPrefix = subject
    self.isCommandOnly = isCommandOnly
    self.fields = fields
    self.period = period
    schema = fields.map { Schema($0) } ?? .own
  }

  /// RFC 6901 pointers of the personal members, with `*` for each element of a list (`/evidence/*/text`).
  public var personalPointers: [String] {
    guard let fields else { return ["/personal"] }
    return Self.personalPointers(of: fields, under: "")
  }

  private static func personalPointers(of fields: [EventField], under pointer: String) -> [String] {
    fields.flatMap { field -> [String] in
      let place = pointer + "/" + field.name
      if field.privacy != .plain { return [place] }
      switch field.kind {
      case .object(let members): return personalPointers(of: members, under: place)
      case .array(.object(let members), _): return personalPointers(of: members, under: place + "/*")
      default: return []
      }
    }
  }
}

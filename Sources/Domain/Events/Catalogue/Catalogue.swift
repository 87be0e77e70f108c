/// The types of events that a ledger knows.
public struct Catalogue: Sendable {
  /// Every version of every type, the facts first; the last one is `x.*`.
  public let types: [EventType]
  /// The users' own types: any name that starts with `x.`.
  public let own: EventType
  /// Prefixes of the subjects that only the ledger writes about.
  public let reservedPrefixes: [String]

  init(_ types: [EventType], own: EventType) {
    self.types = types + [own]
    self.own = own
    let facts = Set(types.filter { !$0.isCommandOnly }.compactMap(\.subjectPrefix))
    let commands = Set(types.filter(\.isCommandOnly).compactMap(\.subjectPrefix))
    reservedPrefixes = commands.subtracting(facts).sorted()
  }

  /// What this version of Daybook ships.
  public static let standard = Catalogue(facts + commands, own: ownTypes)

  /// The type with this name and version; `own` for a name that starts with `x.`, whatever the version.
  public func type(_ name: String, version: Int = 1) -> EventType? {
    if Self.isOwn(name) { return own }
    return types.first { $0.name == name && $0.version == version && $0.fields != nil }
  }

  /// True for a name that a user may give a type: `x.`, then 1 to 126 printable ASCII characters without spaces.
  public static func isOwn(_ name: String) -> Bool {
    name.withUTF8Bytes { name in
      name.count > 2 && name[0] == UInt8(ascii: "x") && name[1] == UInt8(ascii: ".") && TextRules.isToken(name, 128)
    }
  }

  /// What is wrong with a subject for a type, if anything.
  ///
  /// The users' own types may be about anything but what the ledger alone writes about: an event of theirs on
  /// `entry/7` would move the sequence that says whether entry 7 was reversed.
  func subjectFault(_ subject: String, _ type: EventType) -> String? {
    if let prefix = type.subjectPrefix {
      let isRight = subject.utf8.starts(with: prefix.utf8) && subject.utf8.count > prefix.utf8.count
      return isRight ? nil : "expected: \(prefix), followed by what the event is about"
    }
    guard let reserved = reservedPrefixes.first(where: { subject.utf8.starts(with: $0.utf8) }) else { return nil }
    return "subjects that start with \(reserved) are written about by the ledger alone"
  }

  static let ownTypes = EventType(
    "x.*", subject: nil, isCommandOnly: false, fields: nil,
    "The users' own events: any object within the bounds. What stands under the member personal is kept apart.")
}

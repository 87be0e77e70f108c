/// Which statements one connection has prepared, by text and parameter types.
struct StatementCache {
  /// A prepared statement.
  struct Entry {
    /// Its name on the server.
    var name: String
    /// The types it was prepared with; 0 where the first caller bound NULL and Postgres chose.
    var types: [UInt32]
  }

  /// What to do about a statement.
  enum Lookup: Equatable {
    case prepared(name: String)
    case prepare(name: String, types: [UInt32])
    /// The cache is full: run it unnamed.
    case unnamed
  }

  /// Each costs memory in the server's process; programs have a few dozen.
  static let limit = 200

  private var entries: [String: [Entry]] = [:]
  private var count = 0
  private var nextNumber = 1

  /// Looks a statement up, and books the name where it has to be prepared.
  mutating func lookup(_ sql: String, types: [UInt32]) -> Lookup {
    let known = entries[sql] ?? []
    if let match = known.first(where: { Self.accepts($0.types, types) }) { return .prepared(name: match.name) }
    guard count < Self.limit else { return .unnamed }
    // A NULL here takes the type that an earlier preparation knew, so that few variants come about.
    var merged = types
    for entry in known {
      for (index, type) in entry.types.enumerated() where merged[index] == 0 { merged[index] = type }
    }
    let entry = Entry(name: "daybook_\(nextNumber)", types: merged)
    nextNumber += 1
    count += 1
    entries[sql, default: []].append(entry)
    return .prepare(name: entry.name, types: merged)
  }

  /// Forgets a statement whose preparation failed, or whose plan no longer fits.
  mutating func forget(_ sql: String, name: String) {
    guard let index = entries[sql]?.firstIndex(where: { $0.name == name }) else { return }
    entries[sql]?.remove(at: index)
    count -= 1
  }

  /// Forgets all: somebody ran DEALLOCATE ALL or DISCARD ALL.
  mutating func forgetAll() {
    entries = [:]
    count = 0
  }

  /// A NULL (0) fits any type; a value only the type it was prepared with.
  private static func accepts(_ prepared: [UInt32], _ wanted: [UInt32]) -> Bool {
    prepared.count == wanted.count && zip(prepared, wanted).allSatisfy { $1 == 0 || $0 == $1 }
  }
}

import Domain

/// What one `payload.erased` names: as much as fits an event.
struct ErasurePart: Equatable {
  var positions: [Int64] = []
  var forgotten: [String] = []

  /// Bytes of positions and tokens in one event: what is left of 48 KiB holds the longest reason and legal basis.
  static let bytes = 28 << 10

  /// Divides an erasure into parts; there is one at least.
  ///
  /// - Parameter person: The token of the person who is forgotten. The sessions of their events are forgotten with them,
  ///   as the names of sessions are theirs too.
  static func parts(of events: [ErasableEvent], forgetting person: String?) -> [ErasurePart] {
    var parts: [ErasurePart] = []
    var part = ErasurePart()
    var bytes = 0
    var known: Set<String> = []
    func cost(_ tokens: [String]) -> Int { tokens.reduce(0) { $0 + $1.utf8.count + 3 } }
    if let person {
      known.insert(person)
      part.forgotten = [person]
      bytes = cost([person])
    }
    for event in events {
      let sessions = person == nil ? [] : event.persons.filter { $0.kind == "session" }.map(\.token).sorted()
      let tokens = sessions.filter { !known.contains($0) }
      let size = String(event.position).utf8.count + 1 + cost(tokens)
      if bytes + size > Self.bytes {
        parts.append(part)
        (part, bytes) = (ErasurePart(), 0)
      }
      part.positions.append(event.position)
      part.forgotten += tokens
      known.formUnion(tokens)
      bytes += size
    }
    return parts + [part]
  }
}

import Domain
import Exports
import Integrity
import Log
import Postgres
import Synchronization

/// Turns verified events into rows, and gathers what the rows alone do not tell: seals and persons.
final class ImportCollector: Sendable {
  private struct State {
    var edge = TreeEdge()
    var seals: [Seal] = []
    var persons: [PersonName: String] = [:]
    var rows = RowsToCopy()
  }
  private let state = Mutex(State())
  private let queue: PieceQueue
  /// Positions whose personal parts the export's own erasures name: they are not brought back.
  private let erased: Set<Int64>

  private static let personKinds = ["user", "session", "customer"]

  /// An erasure names positions that were not known beforehand: some of what they held was handed over already.
  struct UnforeseenErasure: Error {}

  init(_ queue: PieceQueue, erased: Set<Int64>) {
    self.queue = queue
    self.erased = erased
  }

  /// Takes the next event.
  func take(_ exported: ExportedEvent) throws {
    var event = exported.event
    if event.type == "payload.erased", let data = try? JSON(parsing: event.data) {
      let named = (data["positions"]?.elements ?? []).compactMap(\.integer)
      guard named.allSatisfy(erased.contains) else { throw UnforeseenErasure() }
    }
    if erased.contains(event.position) { (event.personal, event.salt) = (nil, nil) }
    let piece = try state.withLock { state throws(ArchiveError) -> [UInt8]? in
      guard event.position == state.edge.size + 1 else {
        throw ArchiveError(.refused, "the export does not begin at position 1")
      }
      state.edge.append(leafHash: exported.leaf)
      if state.edge.size.isMultiple(of: Seal.interval) { state.seals.append(Seal(state.edge)) }
      for (name, token) in Self.persons(of: event) { state.persons[name] = token }
      state.rows.append(EventCopy.row(event))
      return state.rows.piece()
    }
    if let piece { try queue.give(piece) }
  }

  /// Hands over the last rows.
  func finish() throws {
    try queue.give(state.withLock { $0.rows.finish() })
  }

  /// Everything but the rows.
  var result: (edge: TreeEdge, seals: [Seal], persons: [PersonName: String]) {
    state.withLock { state in
      let isSealed = state.edge.size == 0 || state.edge.size.isMultiple(of: Seal.interval)
      return (state.edge, isSealed ? state.seals : state.seals + [Seal(state.edge)], state.persons)
    }
  }

  /// Who the tokens of an event stand for: `derived.persons` has a token at the pointer where the personal part has
  /// the name.
  private static func persons(of event: RecordedEvent) -> [PersonName: String] {
    guard let part = event.personal, let bytes = event.derived,
      let derived = try? JSONDocument(bytes, limits: JSONLimits(depth: 64)).root, let tokens = derived["persons"],
      let names = try? JSONDocument(part, limits: JSONLimits(depth: 64)).root
    else { return [:] }
    var persons: [PersonName: String] = [:]
    for (pointer, token) in tokens.members {
      guard let kind = personKinds.first(where: { pointer.string.hasSuffix("/\($0)") }), let token = token.string,
        let name = names[pointer.string]?.exactText
      else { continue }
      persons[PersonName(kind: kind, value: name)] = token
    }
    return persons
  }
}

import Compression
import Domain
import Exports

extension ArchiveWriter {
  /// Remembers what an erasure names, events and persons; it is carried out before the erasure itself is published.
  func noteErasure(_ event: RecordedEvent) {
    guard let data = try? JSON(parsing: event.data) else { return }
    for position in data["positions"]?.elements ?? [] {
      if let position = position.integer, position >= manifest.first, position < event.position {
        erasures.append(position)
      }
    }
    erasedTokens.formUnion(PersonToken.tokens(in: event.data))
  }

  /// Rewrites the personal files that hold what was erased.
  func applyErasures() throws {
    if erasures.isEmpty && erasedTokens.isEmpty { return }
    let erased = Set(erasures)
    personal.removeAll { erased.contains($0.position) }
    let contents = SegmentContents(folder, ledger: manifest.ledger)
    for segment in manifest.segments
    where !erasedTokens.isEmpty || erasures.contains(where: { segment.first...segment.last ~= $0 }) {
      let before = try contents.beside(segment)
      let parts = before.parts.filter { !erased.contains(segment.first + Int64($0.key)) }.sorted { $0.key < $1.key }
      let persons = before.persons.filter { !erasedTokens.contains($0.token) }
      if parts.count == before.parts.count && persons.count == before.persons.count { continue }
      let dictionary = try segment.dictionary.map { try folder.dictionary($0) }
      try writePersonal(
        parts.map { (offset: Int64($0.key), part: $0.value.part, salt: $0.value.salt) }, persons,
        of: segment.sha256, first: segment.first, last: segment.last, dictionary)
    }
    (erasures, erasedTokens) = ([], [])
  }
}

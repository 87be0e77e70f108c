import Control
import Domain
import Log

extension BatchPlan {
  /// What a command that erases selects: in the log, and among the events that this batch adds to it.
  func erasable(_ command: Command, _ scan: SelectorScan?, isPersonKnown: Bool) throws -> Erasable {
    guard let selector = memory.withState({ $0.erasure(by: command) }) else { return Erasable() }
    guard isPersonKnown else { return Erasable() }
    var found = try select(selector, scan)
    for event in batch.events where event.personal != nil {
      let derived = event.derived.flatMap { try? JSON(parsing: $0) }
      let erasable = ErasableEvent(
        position: event.position, subject: event.subject, recordedAt: event.recordedAt, persons: derived?["persons"])
      if selector.selects(erasable) { found.events.append(erasable) }
    }
    if let person = selector.forgottenPerson, forgotten.contains(person) { found.isPersonKnown = false }
    return found
  }

  /// Takes note of an erasure that the batch's commit carries out.
  mutating func note(erasure event: RecordedEvent) {
    guard let data = try? JSON(parsing: event.data) else { preconditionFailure("a planned event's data is JSON") }
    erasures.append((event.position, data["positions"]?.elements?.count ?? 0))
    let tokens = (data["forgotten"]?.elements ?? []).compactMap(\.string)
    forgotten.formUnion(tokens)
    newTokens = newTokens.filter { !forgotten.contains($0.value) }
  }
}

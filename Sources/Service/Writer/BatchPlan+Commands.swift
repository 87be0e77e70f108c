import Control
import Crypto
import Domain
import Log

extension BatchPlan {
  /// Plans the events of a command, or answers with those that it caused before.
  ///
  /// - Throws: `WriteError` where the command is not done, and the batch goes on; what Postgres answers, where it cannot.
  mutating func add(
    command request: CommandRequest, by principal: Principal,
    earlier: (_ key: String, _ source: String) throws -> [RecordedEvent]
  ) throws -> (receipts: [AppendReceipt], events: [RecordedEvent]) {
    let identity = request.command.identity(0, key: request.key, by: principal)
    if let before = try caused(by: request, identity, earlier) {
      guard isSame(request, before, by: principal) else {
        throw WriteError(.identityConflict(index: 0, fields: ["request"]), request.command.conflict)
      }
      return (before.map { receipt($0, duplicate: true) }, before)
    }
    var context = CommandContext(
      principal: principal, now: now, freshID: request.freshID, zone: zone, digest: Self.digest)
    context.events = view.events
    let needed = request.command.neededPositions
    if !needed.isEmpty {
      for event in batch.events where needed.contains(event.position) { context.events[event.position] = event }
    }
    context.sequences = try knownSequences(request.command.neededSubjects)
    context.lastEvents = lastEvents(of: request.command.neededSubjects)
    context.roots = try roots(for: request.command)
    let (tokens, newPersons) = takeTokens(of: request.command)
    context.tokens = tokens
    let command = request.command.naming(tokens)
    context.erasable = try erasable(command, request.scan, isPersonKnown: newPersons.isEmpty)
    var events: [PlannedEvent]
    do throws(Refusal) {
      events = try memory.withState { state throws(Refusal) in try state.decide(command, context) }
    } catch {
      // What is refused leaves no trace, and so no token.
      for person in newPersons { newTokens[person] = nil }
      throw WriteError(.refused(error), error.detail)
    }
    if !isChecked, let subject = request.command.newSubject { number(&events, of: subject) }
    for index in events.indices { events[index].conclude(request.digest, as: "request") }
    let recorded = try write(events, by: principal) {
      request.command.identity($0, key: request.key, by: principal)
    }
    commands[identity] = recorded
    return (recorded.map { receipt($0, duplicate: false) }, recorded)
  }

  /// The last events of subjects, those of this batch included.
  private func lastEvents(of subjects: [String]) -> [String: RecordedEvent] {
    if subjects.isEmpty { return [:] }
    var last = view.lastEvents
    for event in batch.events where subjects.contains(event.subject) { last[event.subject] = event }
    return last
  }

  /// The root at the position that a closing claims something about, be it asked for or granted.
  private func roots(for command: Command) throws -> [Int64: String] {
    guard let position = memory.withState({ $0.claimedPosition(of: command) }), let root = try rootAt(position) else {
      return [:]
    }
    return [position: Hex.string(root)]
  }

  /// The events that the same identity caused earlier, in this batch or in the log; nil where it is new.
  private func caused(
    by request: CommandRequest, _ identity: Identity, _ earlier: (String, String) throws -> [RecordedEvent]
  ) throws -> [RecordedEvent]? {
    if let before = commands[identity] { return before }
    guard let first = view.existing[identity] else { return nil }
    return request.command.isDecision ? [first] : try earlier(request.key, identity.source)
  }

  /// Whether what was done earlier is what is asked now. A decision's id is its caller's owner's: whoever else uses it asks
  /// something else. Its persons are compared by their tokens, and not at all once they were erased.
  private func isSame(_ request: CommandRequest, _ before: [RecordedEvent], by principal: Principal) -> Bool {
    before.allSatisfy { event in
      guard let derived = event.derived.flatMap({ try? JSON(parsing: $0) }),
        derived["request"]?.string == request.digest
      else { return false }
      if !request.command.isDecision { return names(request.command, event) }
      guard derived["owner"]?.string == principal.owner else { return false }
      if event.personalHash != nil && event.personal == nil { return true }
      let named = request.command.persons.values.map { knownToken(of: $0) }
      return Set(named) == Set((derived["persons"]?.members ?? [:]).values.map(\.string))
    }
  }

  /// Whether an event that a command caused names the same persons: its digest leaves them out, as a digest of a name would
  /// tell the name again after it was erased. Persons who are not known any more are not compared.
  private func names(_ command: Command, _ event: RecordedEvent) -> Bool {
    let holders = [
      "approval.requested", "breakglass.used", "hold.placed", "killswitch.activated", "budget.configured",
    ]
    guard holders.contains(event.type) else { return true }
    let text = String(decoding: event.data, as: UTF8.self)
    return command.persons.values.allSatisfy { person in
      guard let token = knownToken(of: person) else { return true }
      return text.contains(token)
    }
  }

  /// The tokens of the command's persons; those that it made are answered apart.
  private mutating func takeTokens(of command: Command) -> (tokens: [String: String], newPersons: [PersonName]) {
    var (tokens, newPersons): ([String: String], [PersonName]) = ([:], [])
    for (member, person) in command.persons {
      if knownToken(of: person) == nil { newPersons.append(person) }
      tokens[member] = token(of: person)
    }
    return (tokens, newPersons)
  }

  /// Lower-case hex SHA-256.
  private static let digest: @Sendable ([UInt8]) -> String = { Hex.string(SHA256Digest.hash($0)) }

  private func receipt(_ event: RecordedEvent, duplicate: Bool) -> AppendReceipt {
    AppendReceipt(
      id: event.id, position: event.position, sequence: event.sequence, recordedAt: event.recordedAt,
      duplicate: duplicate)
  }
}

extension Command {
  /// Decisions are named by their callers, not by an idempotency key.
  var isDecision: Bool { if case .decide = self { true } else { false } }

  /// What is told to somebody who uses an identity again for something else.
  fileprivate var conflict: String {
    isDecision
      ? "the decision's id was used for another request" : "the idempotency key was used for another request"
  }
}

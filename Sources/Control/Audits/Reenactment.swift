public import Domain

/// What the rules say about an event that the log holds.
public enum Reenactment: Sendable, Equatable {
  /// They say nothing: it is a fact, or a command that is not reenacted.
  case notDecided
  /// They would have written the same, and then these events, by type and subject.
  case same(effects: [Effect])
  /// They would have written something else; the members that differ.
  case differs([String])
  /// They would have refused it, for this reason.
  case refused(String)
  /// It was decided under rules that this program does not have.
  case unknownRules(Int64)

  /// An event that a decision causes besides its own.
  public struct Effect: Sendable, Equatable {
    /// Catalogue name.
    public var type: String
    /// What it is about.
    public var subject: String
  }
}

extension ControlState {
  /// Decides again what an event records, in the state just before it, as its own members tell what was asked.
  ///
  /// - Parameters:
  ///   - zone: the ledger's reporting time zone.
  ///   - erasable: what an erasure, known by its id, named.
  ///   - digest: lower-case hex SHA-256.
  public func reenact(
    _ event: AppliedEvent, zone: ReportingZone, erasable: (String) -> Erasable = { _ in Erasable() },
    digest: @escaping @Sendable ([UInt8]) -> String
  ) -> Reenactment {
    if event.type == "entry.adjusted" {
      guard let concluded = reenactedAdjustment(event) else { return .refused("no-such-adjustment") }
      let planned = PlannedEvent(type: event.type, subject: event.subject, data: event.data, derived: concluded)
      let different = event.members(differingFrom: planned)
      return different.isEmpty ? .same(effects: []) : .differs(different)
    }
    guard let (command, freshID) = reenacted(event) else { return .notDecided }
    if let version = event.derived?["rules_version"]?.integer, version != Int64(Self.rulesVersion) {
      return .unknownRules(version)
    }
    // What a key may do by its roles was checked before, and is not in the event.
    let principal = Principal(
      key: event.actor, kind: event.actorKind, owner: event.owner, roles: Set(Role.allCases))
    var context = CommandContext(
      principal: principal, now: event.recordedAt, freshID: freshID, zone: zone,
      tokens: DecisionRequest.tokens(of: event.derived), digest: digest)
    addEntry(of: event, to: &context)
    addRoots(of: event, to: &context)
    if let id = erasureID(of: command) { context.erasable = erasable(id) }
    do throws(Refusal) {
      let planned = try decide(command, context)
      guard let first = planned.first else { return .refused("nothing-to-write") }
      let different = event.members(differingFrom: first)
      guard different.isEmpty else { return .differs(different) }
      return .same(effects: planned.dropFirst().map { Reenactment.Effect(type: $0.type, subject: $0.subject) })
    } catch {
      return .refused(error.code)
    }
  }

  /// True where an expiry, a crossing or a cool-down is what the state says must be written now.
  public func foresees(_ event: AppliedEvent, _ planned: [PlannedEvent]) -> Bool {
    planned.contains { event.members(differingFrom: $0).isEmpty }
  }

  /// True for the types of what falls due.
  public static func isExpiry(_ type: String) -> Bool { type == "reservation.expired" || type == "approval.expired" }

  /// True for the types of what follows from other events by itself.
  public static func isConsequence(_ type: String) -> Bool {
    type == "budget.threshold_crossed" || type == "model.cooled_down"
  }

  /// True where applying an event that nobody can trust would not end the program.
  public func canApply(_ event: AppliedEvent) -> Bool {
    switch event.type {
    case "route.decided" where event.typeVersion >= 2:
      let reservations = event.derived?["reservations"]?.elements ?? []
      return CallSubject.id(of: event.subject) != nil
        && reservations.allSatisfy { PlannedReservation($0).map { budgets.table[$0.budget] != nil } ?? false }
    case "period.closed", "period.reopened":
      return event.data["period"]?.string.flatMap { AccountingMonth($0) } != nil
    case "rerate.approved": return RerateSelection(event.data) != nil
    default: return true
    }
  }
}

extension AppliedEvent {
  /// The members in which the event is not what was planned: `type`, `subject`, those of data and of what was concluded.
  ///
  /// Personal members are not looked at: an event of the log has none. Nor is the digest of the request, which the
  /// writer adds.
  fileprivate func members(differingFrom planned: PlannedEvent) -> [String] {
    var different: [String] = []
    if type != planned.type || typeVersion != planned.typeVersion { different.append("type") }
    if subject != planned.subject { different.append("subject") }
    for member in data.differing(from: planned.data) where member != "request" { different.append(member) }
    var concluded = derived ?? .object(JSONObject())
    concluded["request"] = nil
    different += concluded.differing(from: planned.derived ?? .object(JSONObject()))
    return different
  }
}

extension JSON {
  /// The members that one of two objects lacks or has otherwise, in order.
  fileprivate func differing(from other: JSON) -> [String] {
    let (mine, theirs) = (members ?? [:], other.members ?? [:])
    return Set(mine.keys).union(theirs.keys).filter { mine[$0] != theirs[$0] }.sorted().map(\.string)
  }
}

public import Domain

extension ControlState {
  /// Makes a recorded decision of the ledger's again, and names what the rules would have concluded otherwise.
  ///
  /// The state is the one before the event. Everything that the decision used of its context is read from the event: the
  /// caller, the time, the tokens of the persons, and the id of the approval that it asked for.
  ///
  /// - Parameters:
  ///   - event: of type `route.decided` or `route.denied`, version 2.
  ///   - zone: the ledger's reporting time zone.
  ///   - digest: lower-case hex SHA-256.
  /// - Returns: `type`, or the members of `data` and `derived` that differ, sorted; empty where the decision is right.
  public func differences(
    inDecision event: AppliedEvent, zone: ReportingZone, digest: @escaping @Sendable ([UInt8]) -> String
  ) -> [String] {
    guard event.derived?["rules_version"]?.integer == Int64(Self.rulesVersion) else { return ["rules_version"] }
    var context = CommandContext(
      principal: Principal(key: event.actor, kind: event.actorKind, owner: event.owner, roles: []),
      now: event.recordedAt, freshID: event.derived?["approval"]?.string ?? "", zone: zone, digest: digest)
    context.tokens = DecisionRequest.tokens(of: event.derived)
    guard let request = event.data["request"], let planned = try? decideRoute(request, context).first else {
      return ["request"]
    }
    var names: Set<String> = planned.type == event.type ? [] : ["type"]
    if planned.subject != event.subject { names.insert("subject") }
    names.formUnion(Self.differences(planned.data, event.data))
    // The digest of the request is the writer's.
    names.formUnion(Self.differences(planned.derived, event.derived).subtracting(["request"]))
    return names.sorted()
  }

  private static func differences(_ left: JSON?, _ right: JSON?) -> Set<String> {
    let (left, right) = (left?.members ?? [:], right?.members ?? [:])
    let names = Set(left.keys).union(right.keys)
    return Set(names.filter { left[$0] != right[$0] }.map(\.string))
  }
}

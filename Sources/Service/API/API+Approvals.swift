import Control
import Domain
import HTTP
import Log
import Postgres

extension API {
  func requestApproval(_ call: Call) async throws -> HTTPResponse {
    let command = try CommandCatalogue.requestApproval(call.body())
    return try await run(command, call, in: call.ledger) { Self.approvalMembers($0) }
  }

  func decideApproval(_ call: Call) async throws -> HTTPResponse {
    let id = call.parameter("approval")
    let reason = try CommandCatalogue.reason(call.body())
    let command: Command =
      switch call.endpoint.operationID {
      case "grantApproval": .grantApproval(id: id, reason: reason)
      case "rejectApproval": .rejectApproval(id: id, reason: reason)
      case "revokeApproval": .revokeApproval(id: id, reason: reason)
      default: .withdrawApproval(id: id, reason: reason)
      }
    return try await run(command, call, in: call.ledger) { Self.approvalMembers($0) }
  }

  /// The approval that the events are about, and where it stands after them.
  private static func approvalMembers(_ answer: AppendAnswer) -> [(name: String, value: JSON)] {
    let prefix = "approval/"
    guard let last = answer.events.last(where: { $0.subject.hasPrefix(prefix) }) else { return [] }
    let state = last.derived.flatMap { try? JSON(parsing: $0) }?["state"]
    return [("approval", .text(String(last.subject.dropFirst(prefix.count))))] + (state.map { [("state", $0)] } ?? [])
  }

  /// Approvals that the state still knows: open and usable ones, and those that were closed lately.
  func listApprovals(_ call: Call) async throws -> HTTPResponse {
    var query = try QueryReader(call.request, allowed: ["status"])
    let status = try query.oneOf("status", Approval.State.allCases.map(\.rawValue))
    try query.finish()
    let (position, listed) = try await registry.writer(call.ledger).look { memory -> (Int64, [JSON]) in
      let state = memory.state
      let approvals =
        switch status.flatMap(Approval.State.init(rawValue:)) {
        case .requested: state.openApprovals
        case let other: state.approvals(in: other)
        }
      return (memory.position, approvals.map { Self.json($0, state) })
    }
    let approvals = try await withPersons(listed, in: call.ledger)
    return .json(
      200, JSON.object(["position": .integer(position), "approvals": .array(approvals)]).canonical)
  }

  /// One approval; the log answers for those that the state forgot.
  func readApproval(_ call: Call) async throws -> HTTPResponse {
    let id = call.parameter("approval")
    let (position, known) = try await registry.writer(call.ledger).look { memory in
      (memory.position, memory.state.approval(id).map { Self.json($0, memory.state) })
    }
    let found: JSON?
    if let known { found = known } else { found = try await logged(id, in: call.ledger, upTo: position) }
    guard let found else { throw RequestFault(.notFound, detail: "There is no approval of that id.") }
    let approval = try await withPersons([found], in: call.ledger)[0]
    return .json(200, JSON.object(["position": .integer(position), "approval": approval]).canonical)
  }

  /// An approval as its own events tell it.
  private func logged(_ id: String, in ledger: String, upTo position: Int64) async throws -> JSON? {
    let subject = "approval/\(id)"
    guard subject.utf8.count <= CloudEvents.nameLimit, id.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      return nil
    }
    var filter = LogFilter()
    filter.subject = subject
    filter.upTo = position
    let events = try await readers.withConnection { [filter] connection in
      try LogReader(connection, ledger: ledger).page(filter, limit: 100)
    }
    var state = ControlState(ledger: ledger)
    for event in events { state.apply(try AppliedEvent(event)) }
    return state.approval(id).map { Self.json($0, state) }
  }

  private static func json(_ approval: Approval, _ state: ControlState) -> JSON {
    .object([
      "approval": .text(approval.id), "kind": .text(approval.kind.rawValue), "risk": .text(approval.risk.rawValue),
      "state": .text(approval.state.rawValue), "about": .text(approval.about), "change": approval.change,
      "change_digest": .text(approval.changeDigest), "reason_code": .text(approval.reasonCode),
      "evidence_count": .integer(Int64(approval.evidence)),
      "requester": .text(approval.requester), "requester_owner": .text(approval.requesterOwner),
      "requested_at": .text(approval.requestedAt.description), "expires_at": .text(approval.end.description),
      "quorum": .integer(Int64(approval.quorum)),
      "grants": .array(approval.grants.map { .object(["owner": .text($0.owner), "key": .text($0.key)]) }),
      "ceiling": approval.coverage?.ceiling.map(\.json),
      "left": approval.isUsable ? state.room(under: approval).map(\.json) : nil,
      "closed_at": approval.closedAt.map { .text($0.description) },
    ])
  }
}

import Control
import Domain
import HTTP

extension API {
  /// Hands a call to its handler, by the operation's name.
  func dispatch(_ call: Call) async throws -> HTTPResponse {
    switch call.endpoint.operationID {
    case "describeLedger": try await describeLedger(call)
    case "appendEvents": try await appendEvents(call)
    case "readEvents": try await readEvents(call)
    case "readEvent": try await readEvent(call)
    case "followEvents": try await followEvents(call)
    case "reverseEntry": try await reverseEntry(call)
    case "readStatus": try await readStatus(call)
    case "listApprovals": try await listApprovals(call)
    case "readApproval": try await readApproval(call)
    case "requestApproval": try await requestApproval(call)
    case "grantApproval", "rejectApproval", "withdrawApproval": try await decideApproval(call)
    case "listKillSwitches": try await listKillSwitches(call)
    case "followKillSwitches": try await followKillSwitches(call)
    case "activateKillSwitch", "deactivateKillSwitch": try await changeKillSwitch(call)
    case "listPrices": try await listPrices(call)
    case "addPrices": try await addPrices(call)
    case "decideRoute": try await decideRoute(call)
    case "readDecision": try await readDecision(call)
    case "listRoutes": try await listRoutes(call)
    case "readRoute": try await readRoute(call)
    case "configureRoute": try await change(call, .configureRoute, named: "operation")
    case "listModels": try await listModels(call)
    case "configureModel": try await change(call, .configureModel)
    case "listToggles": try await listToggles(call)
    case "readToggle": try await readToggle(call)
    case "changeToggle": try await change(call, .changeToggle, named: "toggle")
    case "enforceToggle": try await enforceToggle(call)
    case "readPolicy": try await readPolicy(call)
    case "configurePolicy": try await change(call, .configurePolicy)
    case "listEvaluations": try await listEvaluations(call)
    case "recordEvaluation": try await recordEvaluation(call)
    case "listBudgets": try await listBudgets(call)
    case "readBudget": try await readBudget(call)
    case "configureBudget": try await change(call, .configureBudget, named: "budget")
    case "listBooks": try await listBooks(call)
    case "readBook", "queryBook": try await queryBook(call)
    case "skipEvent": try await skipEvent(call)
    case "listKeys": try await listKeys(call)
    case "issueKey": try await issueKey(call)
    case "revokeKey": try await revokeKey(call)
    case "listOwners": try await listOwners(call)
    case "addOwner": try await addOwner(call)
    case "listLedgers": try await listLedgers(call)
    case "openLedger": try await openLedger(call)
    case "readOpenAPI": try await readOpenAPI(call)
    case "readMetrics": try await readMetrics(call)
    default: preconditionFailure("\(call.endpoint.operationID) stands in the access table without a handler")
    }
  }
}

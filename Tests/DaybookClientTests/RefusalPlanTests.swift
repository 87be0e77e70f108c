import Domain
import Testing

@testable import DaybookClient

@Suite
struct RefusalPlanTests {
  static func error(_ status: Int, _ problem: String = "other", at indices: [Int] = []) -> DaybookError {
    DaybookError(
      .init(status: status), "", status: status, problemType: "/problems/\(problem)",
      faults: indices.map { ValidationFault(index: $0, pointer: "", code: "", detail: "") })
  }

  @Test(
    "A refusal counts against an event only where it is about the event",
    arguments: [
      (error(429), 5, RefusalPlan.again), (error(503), 5, .again), (error(500), 1, .again), (error(408), 1, .again),
      (error(401), 5, .hold), (error(404), 5, .hold), (error(301), 5, .hold), (error(403), 1, .hold),
      (error(403, "command-only"), 1, .refuse([0])), (error(403, "command-only"), 2, .split),
      (error(403, "role-required", at: [1]), 3, .refuse([1])),
      (error(403, "role-required", at: [0]), 3, .hold), (error(403, "ledger-not-in-scope"), 1, .hold),
      (error(422, "invalid", at: [4, 0, 0, 9]), 5, .refuse([0, 4])),
      (error(422), 5, .split), (error(422), 1, .refuse([0])), (error(409), 3, .split),
      (error(409, "identity-conflict", at: [2]), 3, .refuse([2])), (error(413), 1, .refuse([0])),
      (error(413), 9, .split),
    ])
  func plans(_ error: DaybookError, _ count: Int, _ plan: RefusalPlan) {
    #expect(RefusalPlan(error, count: count, hasDelivered: false) == plan)
  }

  @Test("What somebody else than the ledger answers is held back, not refused", arguments: [400, 409, 422, 404, 403])
  func foreign(_ status: Int) {
    let page = TransportResponse(status: status, headers: [], body: Array("<html>plain HTTP to an HTTPS port".utf8))
    #expect(RefusalPlan(DaybookError(answer: page), count: 1, hasDelivered: true) == .hold)
    #expect(RefusalPlan(DaybookError(answer: page), count: 9, hasDelivered: false) == .hold)
  }

  @Test("Where the key is known to append, a refusal that names the first event is about that event")
  func known() {
    let error = Self.error(403, "role-required", at: [0])
    #expect(RefusalPlan(error, count: 3, hasDelivered: true) == .refuse([0]))
  }
}

import Control
import Domain
import Testing

@testable import Service

@Suite("Who may")
struct AccessTableTests {
  /// The table once more, written by hand from the design as the rows that each role may, so that a slip in one shows.
  static let endpointsByRole: [Role: String] = [
    .service: """
    describeLedger appendEvents readEvents readEvent followEvents listApprovals readApproval requestApproval \
    withdrawApproval listKillSwitches followKillSwitches activateKillSwitch listPrices readOpenAPI
    """,
    .agent: """
    describeLedger appendEvents listApprovals readApproval requestApproval withdrawApproval listKillSwitches \
    followKillSwitches activateKillSwitch listPrices readOpenAPI
    """,
    .importer: "describeLedger appendEvents listKillSwitches followKillSwitches listPrices readOpenAPI",
    .finance: """
    describeLedger appendEvents readEvents readEvent followEvents reverseEntry readStatus listApprovals readApproval \
    requestApproval withdrawApproval listKillSwitches followKillSwitches listPrices addPrices listBooks readBook \
    queryBook readOpenAPI
    """,
    .approver: """
    describeLedger readStatus listApprovals readApproval grantApproval rejectApproval listKillSwitches \
    followKillSwitches listPrices listBooks readBook queryBook readOpenAPI
    """,
    .auditor: """
    describeLedger readEvents readEvent followEvents readStatus listApprovals readApproval listKillSwitches \
    followKillSwitches listPrices listBooks readBook queryBook listKeys listOwners listLedgers readOpenAPI readMetrics
    """,
    .operator: """
    describeLedger readEvents readEvent followEvents readStatus listApprovals readApproval requestApproval \
    withdrawApproval listKillSwitches followKillSwitches activateKillSwitch deactivateKillSwitch listPrices listBooks \
    readBook queryBook skipEvent readOpenAPI readMetrics
    """,
    .admin: """
    describeLedger readEvents readEvent followEvents readStatus listApprovals readApproval requestApproval \
    withdrawApproval listKillSwitches followKillSwitches activateKillSwitch deactivateKillSwitch listPrices addPrices \
    listBooks readBook queryBook skipEvent listKeys issueKey revokeKey listOwners addOwner listLedgers openLedger \
    readOpenAPI readMetrics
    """,
  ]

  /// What was added since, each in a file of its own.
  static let furtherByRole: [[Role: String]] = [
    approvalsByRole, routingByRole, budgetsByRole, proofsByRole, historyByRole, financeByRole, erasuresByRole,
  ]

  static let peopleOnly: Set<String> = approvalsPeopleOnly.union(peopleOnlyAtFirst).union(financePeopleOnly)
    .union(erasuresPeopleOnly)

  private static let peopleOnlyAtFirst: Set<String> = [
    "grantApproval", "rejectApproval", "deactivateKillSwitch", "skipEvent", "issueKey", "revokeKey", "addOwner",
    "openLedger",
  ]
  static let neverAgents: Set<String> = financeNeverAgents.union([
    "addPrices", "reverseEntry", "recordEvaluation", "listKeys", "listOwners", "listLedgers",
  ])

  @Test("is said for every role, kind and endpoint", arguments: Role.allCases)
  func everyEndpoint(role: Role) throws {
    let rows =
      [try #require(Self.endpointsByRole[role]), Self.routingForAll, Self.budgetsForAll]
      + Self.furtherByRole.compactMap { $0[role] }
    let allowed = Set(rows.flatMap { $0.split(whereSeparator: \.isWhitespace).map(String.init) })
    for endpoint in AccessTable.endpoints where endpoint.reach != .open {
      for kind in [ActorKind.human, .service, .agent] {
        let id = endpoint.operationID
        let mayKind =
          kind == .human || (!Self.peopleOnly.contains(id) && (kind == .service || !Self.neverAgents.contains(id)))
        let principal = Principal(key: "k", kind: kind, owner: "o", roles: [role])
        let expected: AccessRefusal.Reason? =
          !mayKind
          ? .kind(needed: Self.peopleOnly.contains(id) ? [.human] : [.human, .service])
          : allowed.contains(id) ? nil : .role(needed: endpoint.roles)
        #expect(reason { () throws(AccessRefusal) in try AccessTable.check(endpoint, principal) } == expected)
      }
    }
    let known = Set(AccessTable.endpoints.map(\.operationID))
    #expect(allowed.isSubset(of: known))
  }

  @Test("no role at all may nothing but the open endpoints")
  func noRoles() {
    let nobody = Principal(key: "k", kind: .human, owner: "o", roles: [])
    let open = AccessTable.endpoints.filter { endpoint in
      reason { () throws(AccessRefusal) in try AccessTable.check(endpoint, nobody) } == nil
    }
    #expect(open.map(\.operationID) == ["readHealth", "readReadiness"])
  }

  static let typesByRole: [Role: Set<String>] = [
    .service: ["completion.recorded", "route.decided", "route.denied", "cost.incurred", "revenue.earned", "x.mine"],
    .agent: ["completion.recorded", "x.mine"],
    .importer: [
      "completion.recorded", "route.decided", "route.denied", "cost.incurred", "revenue.earned", "invoice.received",
      "x.mine",
    ],
    .finance: ["cost.incurred", "revenue.earned", "invoice.received"],
  ]

  @Test("is said for every role, kind and type of event", arguments: Role.allCases)
  func everyType(role: Role) {
    let facts = [
      "completion.recorded", "route.decided", "route.denied", "cost.incurred", "revenue.earned", "invoice.received",
      "x.mine",
    ]
    for type in facts {
      for kind in [ActorKind.human, .service, .agent] {
        let isClosed = kind == .agent && !["completion.recorded", "x.mine"].contains(type)
        let principal = Principal(key: "k", kind: kind, owner: "o", roles: [role])
        let may = reason { () throws(AccessRefusal) in try AccessTable.checkAppend(of: type, principal) } == nil
        #expect(may == (!isClosed && Self.typesByRole[role, default: []].contains(type)), "\(type) \(kind)")
      }
    }
  }

  @Test("nobody appends what commands cause", arguments: AccessTable.commandOnlyTypes.sorted())
  func commandOnly(type: String) {
    let all = Principal(key: "k", kind: .human, owner: "o", roles: Set(Role.allCases))
    #expect(reason { () throws(AccessRefusal) in try AccessTable.checkAppend(of: type, all) } == .commandOnly)
  }

  @Test("every type of the catalogue is either a fact of the table or written by commands alone")
  func coversTheCatalogue() {
    for (name, versions) in Dictionary(grouping: Catalogue.standard.types, by: \.name) {
      #expect((AccessTable.append(of: name) == nil) == versions.allSatisfy(\.isCommandOnly), "\(name)")
    }
  }

  @Test("every command that takes a body has its fields, and no other endpoint")
  func bodies() {
    for endpoint in AccessTable.endpoints where endpoint.operationID != "appendEvents" {
      #expect(
        (CommandCatalogue.fields(of: endpoint.operationID) != nil) == !endpoint.request.isEmpty,
        "\(endpoint.operationID)")
    }
  }

  @Test("the table has each operation once, each method and path once, and sound paths")
  func soundRows() {
    let rows = AccessTable.endpoints
    #expect(Set(rows.map(\.operationID)).count == rows.count)
    #expect(Set(rows.map { "\($0.method) \($0.path)" }).count == rows.count)
    for row in rows {
      #expect(row.path.hasPrefix("/") && !row.path.hasSuffix("/"))
      #expect((row.reach == .ledger) == row.path.hasPrefix("/v1/ledgers/{ledger}"))
      #expect((row.reach == .open) == row.roles.isEmpty)
      #expect(["GET", "POST", "PUT"].contains(row.method))
      // To pass a toggle, nothing has to be said but its name.
      #expect((row.method != "GET") == (!row.request.isEmpty || row.operationID == "enforceToggle"))
      #expect(!row.response.isEmpty && !row.summary.isEmpty)
    }
  }

  @Test("refusals have stable codes")
  func codes() {
    let cases: [(AccessRefusal.Reason, String)] = [
      (.role(needed: [.finance]), "role-required"), (.kind(needed: [.human]), "human-required"),
      (.kind(needed: [.human, .service]), "agent-may-not-loosen"), (.ledger, "ledger-not-in-scope"),
      (.source, "source-not-allowed"), (.commandOnly, "command-only"),
    ]
    for (reason, code) in cases { #expect(AccessRefusal(operation: "o", reason: reason).code == code) }
  }
}

@Suite("The record of a refusal")
struct AccessRefusalRecordTests {
  @Test("says what was asked, what was lacking and how many refusals it stands for")
  func record() {
    let refusal = AccessRefusal(operation: "addPrices", reason: .role(needed: [.finance, .admin]))
    #expect(
      String(decoding: refusal.record(method: "POST", suppressed: 4).canonical, as: UTF8.self)
        == #"{"command":"addPrices","count":5,"method":"POST","reason":"role-required","#
        + #""required_roles":["admin","finance"]}"#)
  }

  @Test("holds the type of an event only where it is a name of the table")
  func types() {
    let type: (String, AccessRefusal.Reason) -> String? = { type, reason in
      AccessRefusal(operation: "appendEvents", reason: reason, eventType: type)
        .record(method: "POST", suppressed: 0)["event_type"]?.string
    }
    #expect(type("cost.incurred", .source) == "cost.incurred")
    #expect(type("x.mine", .role(needed: [])) == "x.mine")
    #expect(type("x.a b", .source) == nil)
    #expect(type("x." + String(repeating: "a", count: 200), .source) == nil)
    #expect(type("price.listed", .commandOnly) == "price.listed")
  }

  @Test("is one that the catalogue takes")
  func fitsTheCatalogue() {
    let reasons: [AccessRefusal.Reason] = [
      .role(needed: Set(Role.allCases)), .kind(needed: [.human]), .ledger, .source, .commandOnly,
    ]
    for reason in reasons {
      let refusal = AccessRefusal(operation: "appendEvents", reason: reason, eventType: "route.decided")
      #expect(throws: Never.self) {
        try EventDraft(
          planned: "command.refused", subject: "key/abcdefghijkl", id: "r#1", source: "/daybook/commands/k",
          data: refusal.record(method: "POST", suppressed: 1_000))
      }
    }
  }
}

/// The reason of the refusal that a check throws; nil where it throws none.
func reason(_ check: () throws(AccessRefusal) -> Void) -> AccessRefusal.Reason? {
  do {
    try check()
    return nil
  } catch {
    return error.reason
  }
}

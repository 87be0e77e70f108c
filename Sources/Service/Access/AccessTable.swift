import Domain

/// Who may: the one table of roles, kinds, endpoints and types of events.
///
/// Routing, authorisation, OpenAPI and tests share it.
///
/// A caller may where it has at least one of the row's roles *and* its kind is among the row's kinds. There is no
/// inheritance of roles: what a role may is exactly the rows that name it.
enum AccessTable {
  /// Every kind that a key can have.
  static let anyKind: Set<ActorKind> = [.human, .service, .agent]
  /// Loosening is for these only: agents stop and tighten.
  static let noAgent: Set<ActorKind> = [.human, .service]
  /// Decisions that answer for something are made by people.
  static let people: Set<ActorKind> = [.human]
  /// Every role.
  static let anyRole = Set(Role.allCases)

  /// Every endpoint.
  static let endpoints: [EndpointAccess] =
    eventEndpoints + approvalEndpoints + recommendationEndpoints + killSwitchEndpoints + priceEndpoints
    + routingEndpoints + budgetEndpoints + financeEndpoints + bookEndpoints + historyEndpoints + deploymentEndpoints
    + integrityEndpoints + erasureEndpoints + openEndpoints

  static let approvalReaders: Set<Role> = [.approver, .operator, .admin, .auditor, .finance, .service, .agent]
  static let approvalRequesters: Set<Role> = [.service, .agent, .operator, .finance, .admin]
  static let bookReaders: Set<Role> = [.finance, .auditor, .operator, .approver, .admin]
  static let eventReaders: Set<Role> = [.auditor, .finance, .operator, .admin, .service]
  static let appenders: Set<Role> = appends.reduce(into: []) { $0.formUnion($1.roles) }
}

extension AccessTable {
  private static let ledger = "/v1/ledgers/{ledger}"

  private static let eventEndpoints: [EndpointAccess] = [
    .init(
      "describeLedger", "GET", ledger, .ledger, roles: anyRole, "The ledger: its settings and its head."),
    .init(
      "appendEvents", "POST", ledger + "/events", .ledger, roles: appenders,
      request: [.cloudEvent, .cloudEventBatch],
      "Append events, all or nothing.",
      "Each event's type decides which roles may append it. Events that commands cause are refused: `command-only`."),
    .init(
      "readEvents", "GET", ledger + "/events", .ledger, roles: eventReaders,
      response: [.json, .cloudEventBatch, .ndjson], "Read the log in order.",
      "As `application/x-ndjson` a record a line is streamed, without a cap on rows."),
    .init(
      "readEvent", "GET", ledger + "/events/{position}", .ledger, roles: eventReaders,
      response: [.json, .cloudEvent], "Read the event at a position."),
    .init(
      "followEvents", "GET", ledger + "/events/stream", .ledger, roles: eventReaders, response: [.events],
      "Follow the log as server-sent events.", "Resumes after `Last-Event-ID`; heartbeats follow a read of the head."),
    .init(
      "reverseEntry", "POST", ledger + "/reversals", .ledger, roles: [.finance], kinds: noAgent, request: [.json],
      "Reverse an entry, once.", "Completions, costs and revenues can be reversed; books subtract what was reversed."),
    .init(
      "readStatus", "GET", ledger + "/status", .ledger, roles: [.operator, .admin, .auditor, .finance, .approver],
      "How the ledger and its projections are doing."),
  ]

  private static let killSwitchEndpoints: [EndpointAccess] = [
    .init(
      "listKillSwitches", "GET", ledger + "/kill-switches", .ledger, roles: anyRole,
      "The active kill switches and the position that this is true at."),
    .init(
      "followKillSwitches", "GET", ledger + "/kill-switches/stream", .ledger, roles: anyRole, response: [.events],
      "Follow the kill switches as server-sent events, for guards."),
    .init(
      "activateKillSwitch", "POST", ledger + "/kill-switches/activate", .ledger,
      roles: [.service, .agent, .operator, .admin], request: [.json], "Activate a kill switch."),
    .init(
      "deactivateKillSwitch", "POST", ledger + "/kill-switches/deactivate", .ledger, roles: [.operator, .admin],
      kinds: people, request: [.json], "Deactivate a kill switch.",
      "People only, and two of them: 202 where an approval was asked for, 200 where it is done."),
  ]

  private static let priceEndpoints: [EndpointAccess] = [
    .init(
      "listPrices", "GET", ledger + "/prices", .ledger, roles: anyRole, "Prices, dated.",
      "What is (`at` now), what was (`at` a day) and what was believed (`known_at`); in pages."),
    .init(
      "addPrices", "POST", ledger + "/prices", .ledger, roles: [.finance, .admin], kinds: noAgent, request: [.json],
      "List prices and other names of models, all or none.",
      "What changes a price 10 times or more waits for a second human: 202, and the approval that was asked for."),
  ]

  private static let bookEndpoints: [EndpointAccess] = [
    .init("listBooks", "GET", ledger + "/books", .ledger, roles: bookReaders, "The books with their queries."),
    .init(
      "readBook", "GET", ledger + "/books/{projection}", .ledger, roles: bookReaders,
      response: [.json, .csv, .ndjson],
      "Read a book by its first query."),
    .init(
      "queryBook", "GET", ledger + "/books/{projection}/{query}", .ledger, roles: bookReaders,
      response: [.json, .csv, .ndjson], "Read a book by a query.",
      "`as_of` answers as of a position or a time; `min_position` waits for one."),
    .init(
      "skipEvent", "POST", ledger + "/books/{projection}/skips", .ledger, roles: [.operator, .admin], kinds: people,
      request: [.json], "Let a stopped projection go past an event: a recorded decision."),
  ]

  private static let deploymentEndpoints: [EndpointAccess] = [
    .init(
      "listKeys", "GET", "/v1/keys", .deployment, roles: [.admin, .auditor], kinds: noAgent,
      "The keys, without secrets."),
    .init(
      "issueKey", "POST", "/v1/keys", .deployment, roles: [.admin], kinds: people, request: [.json],
      "Issue a key.",
      "The answer holds the key's text; it is shown this once. A person's key, and any that another owner answers for, "
        + "waits for an approval, once there is a second owner: 202, and the key is valid from the grant on."),
    .init(
      "revokeKey", "POST", "/v1/keys/{key}/revoke", .deployment, roles: [.admin], kinds: people, request: [.json],
      "Revoke a key, for good."),
    .init(
      "rotateKey", "POST", "/v1/keys/{key}/rotate", .deployment, roles: anyRole, kinds: people, request: [.json],
      "Replace a key by one with the same rights, and end it after an overlap.",
      "By its owner, with a key that may as much; other owners' services and agents by an admin, while there is no second "
        + "owner."),
    .init(
      "listOwners", "GET", "/v1/owners", .deployment, roles: [.admin, .auditor], kinds: noAgent,
      "The accountable owners."),
    .init(
      "addOwner", "POST", "/v1/owners", .deployment, roles: [.admin], kinds: people, request: [.json],
      "Add an accountable owner.", "With another owner's approval, once there is one who can give it."),
    .init(
      "listLedgers", "GET", "/v1/ledgers", .deployment, roles: [.admin, .auditor], kinds: noAgent, "The ledgers."),
    .init(
      "openLedger", "POST", "/v1/ledgers", .deployment, roles: [.admin], kinds: people, request: [.json],
      "Open a ledger."),
    .init("readOpenAPI", "GET", "/openapi.json", .deployment, roles: anyRole, "This interface as OpenAPI 3.1."),
    .init(
      "readMetrics", "GET", "/metrics", .deployment, roles: [.operator, .admin, .auditor], response: [.metrics],
      "Metrics for Prometheus."),
  ]

  private static let openEndpoints: [EndpointAccess] = [
    .init("readHealth", "GET", "/healthz", .open, roles: [], "Whether the process answers."),
    .init(
      "readReadiness", "GET", "/readyz", .open, roles: [],
      "Whether the database is there, the ledger can be locked and the projectors keep up."),
  ]
}

public import Domain

/// A key to issue.
public struct KeyRequest: Sendable {
  /// The accountable human's id.
  public var owner: String
  /// What the key speaks for: human, service or agent.
  public var kind: ActorKind
  /// What it may do.
  public var roles: [Role]
  /// Ledgers it may reach; `*` is all.
  public var ledgers: [String]
  /// Prefixes that the `source` of its events must have; any where it is empty.
  public var sources: [String]
  /// When it ends.
  public var expiresAt: Timestamp?
  /// For people.
  public var note: String?

  /// Makes a request.
  public init(
    owner: String, kind: ActorKind, roles: [Role], ledgers: [String] = ["main"], sources: [String] = [],
    expiresAt: Timestamp? = nil, note: String? = nil
  ) {
    self.owner = owner
    self.kind = kind
    self.roles = roles
    self.ledgers = ledgers
    self.sources = sources
    self.expiresAt = expiresAt
    self.note = note
  }
}

extension Daybook {
  /// The keys of the deployment, without their secrets.
  public func keys() async throws -> Listing { try Listing(try await send("GET", "/v1/keys"), "keys") }

  /// Issues a key; the answer's member `secret` is its whole text and comes only this once.
  ///
  /// Once there are two owners, a human's, approver's or admin's key waits for the other one: see
  /// ``CommandResult/requestedApproval``.
  public func issueKey(
    _ request: KeyRequest, terms: ChangeTerms = .init(), idempotencyKey: String? = nil
  ) async throws -> CommandResult {
    try await command(
      "/v1/keys",
      [
        "owner": .text(request.owner), "kind": .text(request.kind.rawValue),
        "roles": .array(request.roles.map { .text($0.rawValue) }),
        "ledgers": .array(request.ledgers.map { .text($0) }),
        "sources": request.sources.isEmpty ? nil : .array(request.sources.map { .text($0) }),
        "expires": request.expiresAt.map { .text($0.description) }, "note": request.note.map { .text($0) },
      ], terms, idempotencyKey)
  }

  /// Replaces a key by one with the same rights; the answer's member `secret` is the new key's text and comes only this once.
  ///
  /// - Parameters:
  ///   - key: The key's id.
  ///   - reason: Why.
  ///   - overlap: How long the old key still holds, in whole seconds, a week at most; nil: an hour.
  ///   - idempotencyKey: The command's id; made here where it is nil.
  public func rotateKey(
    _ key: String, reason: String, overlap: Duration? = nil, idempotencyKey: String? = nil
  ) async throws -> CommandResult {
    try await command(
      "/v1/keys/\(Self.escaped(key))/rotate",
      ["reason": .text(reason), "overlap_seconds": overlap.map { .integer($0.components.seconds) }], idempotencyKey)
  }

  /// Revokes a key by its id.
  @discardableResult
  public func revokeKey(
    _ key: String, reason: String, idempotencyKey: String? = nil
  ) async throws -> CommandResult {
    try await command("/v1/keys/\(Self.escaped(key))/revoke", ["reason": .text(reason)], idempotencyKey)
  }

  /// The accountable humans.
  public func owners() async throws -> Listing { try Listing(try await send("GET", "/v1/owners"), "owners") }

  /// Adds an accountable human; once there are two, through one of the others: see ``CommandResult/requestedApproval``.
  @discardableResult
  public func addOwner(
    _ owner: String, name: String, terms: ChangeTerms = .init(), idempotencyKey: String? = nil
  ) async throws -> CommandResult {
    try await command("/v1/owners", ["owner": .text(owner), "name": .text(name)], terms, idempotencyKey)
  }

  /// The ledgers of the deployment.
  public func ledgers() async throws -> Listing { try Listing(try await send("GET", "/v1/ledgers"), "ledgers") }

  /// Opens a ledger.
  @discardableResult
  public func openLedger(
    _ name: String, timeZone: String? = nil, reportingCurrency: String? = nil, idempotencyKey: String? = nil
  ) async throws -> CommandResult {
    try await command(
      "/v1/ledgers",
      [
        "name": .text(name), "time_zone": timeZone.map { .text($0) },
        "reporting_currency": reportingCurrency.map { .text($0) },
      ], idempotencyKey)
  }

  /// The deployment's state as it describes it: projections, lag, errors.
  public func status() async throws -> JSON { JSON(try await send("GET", "status").json()) }

  /// The ledger's last position and root.
  public func head() async throws -> LedgerHead {
    let root = try await send("GET", "/v1/ledgers/\(ledger)").json()
    guard let head = LedgerHead(root["head"] ?? root) else {
      throw DaybookError.malformed("the answer has no head")
    }
    return head
  }
}

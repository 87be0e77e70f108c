public import Domain

extension Daybook {
  /// Asks to erase what events hold of persons, for good; another owner's grant does it. See
  /// ``CommandResult/requestedApproval``.
  ///
  /// Money, counts, digests and proofs stay as they are.
  ///
  /// - Parameters:
  ///   - selection: Which events.
  ///   - before: Only those recorded before this moment; the person is still known by name then.
  ///   - reason: Why; it stands in the log for good, so it names nobody.
  ///   - legalBasis: What obliges or allows it.
  ///   - terms: What is said for the request; the glass cannot be broken for an erasure.
  ///   - idempotencyKey: The command's id; made here where it is nil.
  /// - Throws: ``DaybookError`` with the problems `erasure-held`, while a hold matches, or `nothing-to-erase`.
  @discardableResult
  public func erase(
    _ selection: ErasureSelection, before: Timestamp? = nil, reason: String, legalBasis: String,
    terms: ChangeTerms = .init(), idempotencyKey: String? = nil
  ) async throws -> CommandResult {
    var (user, kind, subject, positions): (JSON?, JSON?, JSON?, JSON?)
    switch selection {
    case .user(let name): user = .text(name)
    case .person(let named, let name): (user, kind) = (.text(name), .text(named.rawValue))
    case .subject(let name): subject = .text(name)
    case .positions(let list): positions = .array(list.map(JSON.integer))
    }
    return try await command(
      "erasures",
      [
        "user": user, "kind": kind, "subject": subject, "positions": positions,
        "before": before.map { .text($0.description) }, "reason": .text(reason), "legal_basis": .text(legalBasis),
      ], terms, idempotencyKey)
  }

  /// What was erased, the newest first; `carried_out` is true once nothing of it is left in the database's tables.
  public func erasures() async throws -> Listing { try Listing(try await send("GET", "erasures"), "erasures") }

  /// Places a hold: while it stands, no event that fits all that it names is erased; one that names nothing keeps everything.
  ///
  /// - Parameters:
  ///   - hold: Its id.
  ///   - subject: Events about this subject only.
  ///   - user: Events that name this person only.
  ///   - kind: What kind of name that is.
  ///   - from: Events recorded at or after this moment only.
  ///   - until: Events recorded before this moment only.
  ///   - reason: Why; it stands in the log for good.
  ///   - idempotencyKey: The command's id; made here where it is nil.
  @discardableResult
  public func placeHold(
    _ hold: String, subject: String? = nil, user: String? = nil, kind: ErasureSelection.PersonKind = .user,
    from: Timestamp? = nil, until: Timestamp? = nil, reason: String, idempotencyKey: String? = nil
  ) async throws -> CommandResult {
    try await command(
      "holds",
      [
        "hold": .text(hold), "subject": subject.map { .text($0) }, "user": user.map { .text($0) },
        "kind": user == nil ? nil : .text(kind.rawValue), "from": from.map { .text($0.description) },
        "until": until.map { .text($0.description) }, "reason": .text(reason),
      ], idempotencyKey)
  }

  /// Releases a hold, through a second owner: see ``CommandResult/requestedApproval``.
  @discardableResult
  public func releaseHold(
    _ hold: String, reason: String, terms: ChangeTerms = .init(), idempotencyKey: String? = nil
  ) async throws -> CommandResult {
    try await command("holds/\(Self.escaped(hold))/release", ["reason": .text(reason)], terms, idempotencyKey)
  }

  /// The holds that stand.
  public func holds() async throws -> Listing { try Listing(try await send("GET", "holds"), "holds") }
}

public import Domain

extension Daybook {
  /// Restates what a completion or a cost cost: the whole new cost. Nothing is overwritten; restatements chain.
  ///
  /// - Throws: ``DaybookError``: `conflict` where the entry is reversed or costs that already; `forbidden`, `invalid`.
  @discardableResult
  public func restate(
    _ position: Int64, cost: Money, reason: String, invoice: String? = nil, idempotencyKey: String? = nil
  ) async throws -> CommandResult {
    try await command(
      "restatements",
      [
        "position": .integer(position), "cost": cost.json, "reason": .text(reason),
        "invoice": invoice.map { .text($0) },
      ], idempotencyKey)
  }

  /// The months, the last position that posted to each, and what closed them.
  public func periods() async throws -> Listing { try Listing(try await send("GET", "periods"), "periods") }

  /// Asks to close a month, and with it all before it; another owner's grant does.
  ///
  /// - Parameters:
  ///   - period: `YYYY-MM`, once it is over in the ledger's time zone.
  ///   - terms: What is said for the change.
  ///   - idempotencyKey: The command's id; made here where it is nil.
  @discardableResult
  public func closePeriod(
    _ period: String, terms: ChangeTerms = .init(), idempotencyKey: String? = nil
  ) async throws -> CommandResult {
    try await command("periods/\(Self.escaped(period))/close", [:], terms, idempotencyKey)
  }

  /// Asks to reopen the last closed month; another owner's grant does.
  @discardableResult
  public func reopenPeriod(
    _ period: String, reason: String, terms: ChangeTerms = .init(), idempotencyKey: String? = nil
  ) async throws -> CommandResult {
    try await command("periods/\(Self.escaped(period))/reopen", ["reason": .text(reason)], terms, idempotencyKey)
  }

  /// Lists a rate of exchange: one of `base` is `rate` of `quote` from a moment on, or from the first open day.
  @discardableResult
  public func listRate(
    base: Currency, quote: Currency, rate: Amount, validFrom: Timestamp, note: String? = nil,
    idempotencyKey: String? = nil
  ) async throws -> CommandResult {
    try await command(
      "rates",
      [
        "base": .text(base.code), "quote": .text(quote.code), "rate": .text(rate.description),
        "valid_from": .text(validFrom.description), "note": note.map { .text($0) },
      ], idempotencyKey)
  }

  /// Asks to cost past completions by the prices known now; another owner's grant lets the adjustments be written.
  ///
  /// - Parameters:
  ///   - selection: `model`, `provider`, `operation`, and the posting dates `from` and `to` (both included), each where it
  ///     narrows.
  ///   - reason: Why.
  ///   - terms: What is said for the change.
  ///   - idempotencyKey: The command's id; made here where it is nil.
  /// - Returns: The approval that was asked for; `json["proposal"]` has the totals before and after.
  @discardableResult
  public func rerate(
    _ selection: [RerateFilter: String] = [:], reason: String, terms: ChangeTerms = .init(),
    idempotencyKey: String? = nil
  ) async throws -> CommandResult {
    var body: [ExactText: JSON] = ["reason": .text(reason)]
    for (filter, value) in selection { body[ExactText(filter.rawValue)] = .text(value) }
    var json = JSON.object(body)
    terms.add(to: &json)
    return try CommandResult(try await send("POST", "rerates", json: json, idempotencyKey: idempotencyKey))
  }

  /// Re-ratings that are approved and not complete, and how far they are.
  public func rerates() async throws -> Listing { try Listing(try await send("GET", "rerates"), "rerates") }
}

/// What narrows a re-rating.
public enum RerateFilter: String, Sendable, Hashable, CaseIterable {
  /// The model that served.
  case model
  /// Who served it.
  case provider
  /// The purpose.
  case operation
  /// The first posting date, `YYYY-MM-DD`.
  case from
  /// The last posting date, `YYYY-MM-DD`.
  case to
}

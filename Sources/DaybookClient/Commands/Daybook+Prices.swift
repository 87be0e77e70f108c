public import Domain

extension Daybook {
  /// The prices, page after page: every one that was ever listed, or those in force at a moment.
  ///
  /// - Parameters:
  ///   - model: Only prices of this model, by its exact name or an alias.
  ///   - provider: Only prices that hold for this provider: its own, and those for any.
  ///   - at: Only the prices in force at this moment.
  ///   - knownAt: As was believed at this moment.
  ///   - asOf: As was believed when the log ended at this position.
  public func prices(
    model: String? = nil, provider: String? = nil, at: Timestamp? = nil, knownAt: Timestamp? = nil,
    asOf: Int64? = nil
  ) async throws -> PriceListing {
    let filters = [
      ("model", model), ("provider", provider), ("at", at?.description), ("known_at", knownAt?.description),
      ("as_of", asOf.map(String.init)),
    ].compactMap { name, value in value.map { (name: name, value: $0) } }
    var listing = PriceListing()
    var after: [(name: String, value: String)] = []
    while true {
      let query = filters + after + [(name: "limit", value: "5000")]
      let answer = try await send("GET", "prices", query: query)
      let page = try Listing(answer, "prices")
      let root = try answer.json()
      listing.rows += page.rows
      listing.aliases += (root["aliases"]?.elements ?? []).map { JSON($0) }
      listing.position = page.position
      guard let next = root["next"]?.string else { return listing }
      after = [(name: "after", value: next)]
    }
  }

  /// Lists prices, all or none; what changes one 10 times or more waits for a second human: see
  /// ``CommandResult/requestedApproval``.
  @discardableResult
  public func listPrices(
    _ prices: [ListedPrice], terms: ChangeTerms = .init(), idempotencyKey: String? = nil
  ) async throws -> CommandResult {
    try await command("prices", ["prices": .array(prices.map(\.json))], terms, idempotencyKey)
  }

  /// Reverses the entry at a position: a completion, a cost or a revenue, once at most.
  @discardableResult
  public func reverse(
    _ position: Int64, reason: String, idempotencyKey: String? = nil
  ) async throws -> CommandResult {
    try await command(
      "reversals", ["position": .integer(position), "reason": .text(reason)], idempotencyKey)
  }
}

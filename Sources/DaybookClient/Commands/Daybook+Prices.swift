internal import Domain

extension Daybook {
  /// The prices, as listed.
  public func prices() async throws -> Listing { try Listing(try await send("GET", "prices"), "prices") }

  /// Lists prices, all or none.
  @discardableResult
  public func listPrices(_ prices: [ListedPrice], idempotencyKey: String? = nil) async throws -> CommandResult {
    try await command("prices", ["prices": .array(prices.map(\.json))], idempotencyKey)
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

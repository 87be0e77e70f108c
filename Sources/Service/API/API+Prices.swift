import Control
import Domain
import HTTP
import Log

extension API {
  /// Prices of an answer where no limit is given.
  static let pricePageDefault = 1_000
  /// Most prices of one answer: a whole public table is read in two or three.
  static let pricePageLimit = 5_000

  /// Lists prices: every one, or those in force at a moment; as they are known now, or as they were.
  func listPrices(_ call: Call) async throws -> HTTPResponse {
    let (query, knownAt) = try Self.priceQuery(call)
    // The book alone, which only another list of prices changes: what is answered is looked up off the writer's path.
    let (position, book) = try await registry.writer(call.ledger).look { ($0.position, $0.state.prices) }
    var asked = query
    if let knownAt { asked.asOf = min(asked.asOf, book.position(knownAt: knownAt)) }
    let page = book.page(asked)
    let body = JSON.object([
      "position": .integer(position), "as_of": .integer(min(asked.asOf, position)),
      "at": asked.at.map { .text($0.description) }, "prices": .array(page.rows.map(Self.json)),
      "aliases": .array(page.aliases.map(Self.json)),
      "next": page.next.map { .text($0.description) },
    ])
    return .json(200, body.canonical)
  }

  /// Lists prices, or asks for the approval that they need.
  func addPrices(_ call: Call) async throws -> HTTPResponse { try await change(call, .listPrices) }

  private static func priceQuery(_ call: Call) throws -> (query: PriceQuery, knownAt: Timestamp?) {
    var items = try QueryReader(
      call.request, allowed: ["model", "provider", "at", "known_at", "as_of", "after", "limit"])
    var query = PriceQuery(model: items.value("model"), provider: items.value("provider"))
    query.at = try items.timestamp("at")
    let knownAt = try items.timestamp("known_at")
    query.asOf = try items.integer("as_of", in: 0...Int64.max) ?? .max
    query.limit = Int(try items.integer("limit", in: 1...Int64(pricePageLimit)) ?? Int64(pricePageDefault))
    if let text = items.value("after") {
      query.after = PriceQuery.Place(text)
      if query.after == nil { items.fail("after", "pattern", "is the next of a page of prices") }
    }
    try items.finish()
    return (query, knownAt)
  }

  /// With the id by which cost lines name it, and when it was recorded.
  private static func json(_ row: PricePage.Row) -> JSON {
    var json = row.price.json
    json["price_id"] = .integer(row.price.id)
    json["recordedtime"] = .text(row.recordedAt.description)
    return json
  }

  private static func json(_ alias: PriceAlias) -> JSON {
    var json = alias.json
    json["position"] = .integer(alias.position)
    return json
  }
}

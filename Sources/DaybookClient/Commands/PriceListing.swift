public import Domain

/// Prices with the position that they are true at, page after page put together.
public struct PriceListing: Sendable {
  /// The position of the last page.
  public var position: Int64 = 0
  /// The prices, as the ledger describes them.
  public var rows: [JSON] = []
  /// Other names of their models.
  public var aliases: [JSON] = []
}

public import Domain

/// A public table of prices beside what the ledger has: what would be listed, what is held for a human, what is gone.
public struct PriceDifference: Sendable {
  /// What becomes of a price.
  public enum Fate: String, Sendable, Hashable, CaseIterable {
    /// Nothing was in force: it passes.
    case new
    /// The ledger has it: nothing is listed.
    case unchanged
    /// Dearer, less than 10 times: it passes.
    case raised
    /// Cheaper, less than 10 times: it passes.
    case cut
    /// A human must look at it first.
    case held
    /// The ledger has it and the table does not: it stays in force, as a table that forgets a model says nothing.
    case removed
  }

  /// One price.
  public struct Line: Sendable {
    /// What becomes of it.
    public var fate: Fate
    /// The price of the table; of the ledger where it is removed.
    public var price: Price
    /// What was in force before; nil where nothing was.
    public var before: Price?
    /// Why it is held; nil where it is not.
    public var why: String?
    /// Where it stands in the table; nil where it is removed.
    public var place: (pointer: String, line: Int)?
  }

  /// In the order of the table; the removed ones follow by model.
  public private(set) var lines: [Line] = []
  /// Names that the ledger does not know yet.
  public private(set) var names: [PriceTable.Name] = []

  /// Compares a table with the prices in force at its date.
  ///
  /// - Parameters:
  ///   - table: every price valid from the same moment.
  ///   - present: the prices in force at that moment; `id` is not 0.
  ///   - aliases: the names that the ledger knows.
  public init(_ table: PriceTable, present: [Price], aliases: Set<PriceAlias.Name> = []) {
    let book = PriceBook(present)
    let doubts = PriceDoubts(table, book)
    var seen: Set<PriceKind> = []
    for row in table.rows {
      seen.insert(PriceKind(row.price))
      lines.append(Self.line(row, book, doubts))
    }
    let providers = Set(table.rows.compactMap(\.price.provider))
    let gone = present.filter { price in
      price.provider.map(providers.contains) ?? false && !seen.contains(PriceKind(price))
    }
    lines += gone.sorted { ($0.model, $0.id) < ($1.model, $1.id) }.map { Line(fate: .removed, price: $0, before: $0) }
    // A name of a model without prices, or with held ones only, would lead nowhere.
    let priced = Set(present.map(\.model) + passing.map(\.model))
    names = table.names.filter { name in
      priced.contains(name.model)
        && !aliases.contains(PriceAlias.Name(alias: name.alias, provider: name.provider))
    }
  }

  private static func line(_ row: PriceTable.Row, _ book: PriceBook, _ doubts: PriceDoubts) -> Line {
    let before = book.predecessor(of: row.price)
    let step = PriceStep(row.price, after: before)
    var line = Line(fate: .new, price: row.price, before: before, place: (row.pointer, row.line))
    if step.isHeld {
      line.fate = .held
      line.why = step.rawValue
    } else if book.isListed(row.price) {
      line.fate = step == .raised ? .raised : step == .cut ? .cut : .unchanged
    } else if let doubt = doubts.doubt(row.price) {
      line.fate = .held
      line.why = doubt
    }
    return line
  }

  /// Lines of a fate.
  public func lines(_ fate: Fate) -> [Line] { lines.filter { $0.fate == fate } }

  /// The prices that need no human, in the order of the table.
  public var passing: [Price] {
    lines.filter { [.new, .raised, .cut].contains($0.fate) }.map(\.price)
  }
}

/// What a price is of: everything but its amount and dates.
struct PriceKind: Hashable {
  var model: String
  var provider: String?
  var usageClass: String
  var serviceTier: ServiceTier
  var contextAbove: Int64

  init(_ price: Price) {
    model = price.model
    provider = price.provider
    usageClass = price.usageClass
    serviceTier = price.serviceTier
    contextAbove = price.contextAbove
  }
}

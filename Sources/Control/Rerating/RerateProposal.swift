public import Domain

/// What a re-rating would do, added up call by call.
public struct RerateProposal: Sendable {
  /// Models that are shown one by one.
  static let mostModels = 100

  /// As of which position: its calls, and the prices known by then.
  public var position: Int64
  /// Calls that were looked at.
  public var examined: Int64 = 0
  /// Calls whose cost changes.
  public private(set) var calls: Int64 = 0
  /// Of these, calls that had no cost before.
  public private(set) var priced: Int64 = 0
  /// Before and after.
  public private(set) var totals = RerateTotals()
  /// The same by model.
  public private(set) var models: [String: RerateTotals] = [:]
  /// Lower-case hex SHA-256 over the list of calls; set when all were added.
  public var digest = ""

  /// Nothing yet.
  public init(position: Int64) { self.position = position }

  /// Adds a call whose cost changes.
  public mutating func add(_ adjustment: Adjustment) {
    calls += 1
    if adjustment.before == nil { priced += 1 }
    totals.add(before: adjustment.before, after: adjustment.after)
    models[adjustment.model, default: RerateTotals()].add(before: adjustment.before, after: adjustment.after)
  }

  /// The members that the approval is bound to.
  public var json: JSON {
    let rows = models.flatMap { model, totals in totals.rows.map { (model: model, row: $0) } }
      .sorted { left, right in
        let (one, other) = (left.row.difference.magnitude, right.row.difference.magnitude)
        if one != other { return one > other }
        return left.model == right.model
          ? left.row.currency < right.row.currency : ExactText(left.model) < ExactText(right.model)
      }
    return .object([
      "position": .integer(position), "calls": .integer(calls), "priced": .integer(priced),
      "examined": .integer(examined), "totals": totals.json, "digest": .text(digest),
      "models": .array(
        rows.prefix(Self.mostModels).map { model, row in
          var json = row.json
          json["model"] = .text(model)
          return json
        }),
    ])
  }
}

extension Amount {
  fileprivate var magnitude: Amount { isNegative ? negated : self }
}

import Domain

extension PriceBook {
  /// The committed prices in canonical order.
  ///
  /// A price is a list of its own members only: `[id, valid_from, amount, currency, per]`; what a series shares stands once.
  var snapshot: JSON {
    .object([
      "models": .array(mergedModels.map(\.snapshot)),
      "aliases": .array(mergedNames.map(\.snapshot)),
      "learned": .array(
        mergedMoments.moments.map { .array([.integer($0.position), .text($0.recordedAt.description)]) }),
    ])
  }

  init(_ reader: SnapshotReader) throws(SnapshotFault) {
    let moments = try reader.list("learned") { reader throws(SnapshotFault) in
      guard let members = reader.json.elements, members.count == 2, let position = members[0].integer,
        let recordedAt = members[1].string.flatMap({ Timestamp(rfc3339: $0) })
      else { throw SnapshotReader.fault("learned") }
      return LearnedMoments.Moment(position: position, recordedAt: recordedAt)
    }
    self.init(
      try reader.table("models", by: \.model) { reader throws(SnapshotFault) in try ModelPrices(reader) },
      try reader.list("aliases") { reader throws(SnapshotFault) in
        guard let alias = PriceAlias(reader.json, position: try reader.integer("position")) else {
          throw SnapshotReader.fault("aliases")
        }
        return alias
      },
      LearnedMoments(moments))
  }
}

extension PriceAlias {
  fileprivate var snapshot: JSON {
    var json = json
    json["position"] = .integer(position)
    return json
  }
}

extension ModelPrices {
  fileprivate var snapshot: JSON {
    .object(["model": .text(model), "series": .array(series.sorted { $0.kind < $1.kind }.map(\.snapshot))])
  }

  fileprivate init(_ reader: SnapshotReader) throws(SnapshotFault) {
    self.init(try reader.text("model"))
    for reader in try reader.list("series", { $0 }) { restore(try Series(reader)) }
  }
}

extension ModelPrices.Kind: Comparable {
  /// By class, kind of service, context tier and provider, any provider first.
  static func < (left: Self, right: Self) -> Bool {
    if left.usageClass != right.usageClass { return left.usageClass.rawValue < right.usageClass.rawValue }
    if left.serviceTier != right.serviceTier { return left.serviceTier.rawValue < right.serviceTier.rawValue }
    if left.contextAbove != right.contextAbove { return left.contextAbove < right.contextAbove }
    guard let provider = right.provider else { return false }
    return left.provider.map { ExactText($0) < ExactText(provider) } ?? true
  }
}

extension ModelPrices.Series {
  fileprivate var snapshot: JSON {
    .object([
      "class": .text(kind.usageClass.rawValue), "service_tier": .text(kind.serviceTier.rawValue),
      "context_above": .integer(kind.contextAbove), "provider": kind.provider.map(JSON.text),
      "prices": .array(
        entries.map { entry in
          .array([
            .integer(entry.id), .text(entry.validFrom.description), .text(entry.price.amount.description),
            .text(entry.price.currency.code), .integer(entry.per),
          ])
        }),
    ])
  }

  fileprivate init(_ reader: SnapshotReader) throws(SnapshotFault) {
    let kind = ModelPrices.Kind(
      usageClass: try reader.value("class", UsageClass.self),
      serviceTier: try reader.value("service_tier", ServiceTier.self),
      contextAbove: try reader.integer("context_above"), provider: reader.optionalText("provider"))
    let entries = try reader.list("prices") { reader throws(SnapshotFault) in
      guard let members = reader.json.elements, members.count == 5, let id = members[0].integer,
        let validFrom = members[1].string.flatMap({ Timestamp(rfc3339: $0) }),
        let amount = members[2].string.flatMap({ Amount($0) }),
        let currency = members[3].string.flatMap({ Currency($0) }), let per = members[4].integer, per > 0
      else { throw SnapshotReader.fault("prices") }
      return ModelPrices.Entry(id: id, validFrom: validFrom, per: per, price: Money(amount, currency))
    }
    self.init(kind, entries)
  }
}

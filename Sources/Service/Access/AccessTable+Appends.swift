import Domain

/// Who may append a type of event: a row of `AccessTable.appends`.
struct AppendAccess: Sendable, Equatable {
  /// A catalogue name, or a prefix that ends in `.*`.
  let type: String
  /// Having one of these suffices.
  let roles: Set<Role>
  /// The key must be of one of these kinds besides.
  let kinds: Set<ActorKind>
}

extension AccessTable {
  /// Facts and who may append them; agents append what they did, and no external decision, cost, revenue or
  /// invoice.
  static let appends: [AppendAccess] = [
    .init(type: "completion.recorded", roles: [.service, .agent, .importer], kinds: anyKind),
    .init(type: "route.decided", roles: [.service, .importer], kinds: noAgent),
    .init(type: "route.denied", roles: [.service, .importer], kinds: noAgent),
    .init(type: "cost.incurred", roles: [.service, .finance, .importer], kinds: noAgent),
    .init(type: "revenue.earned", roles: [.service, .finance, .importer], kinds: noAgent),
    .init(type: "invoice.received", roles: [.finance, .importer], kinds: noAgent),
    .init(type: "x.*", roles: [.service, .agent, .importer], kinds: anyKind),
  ]

  /// Types of which only commands cause any version: nobody may append them. Where services append another version, who
  /// may is the row's say, and validation refuses the version that is the ledger's own.
  static let commandOnlyTypes = Set(Catalogue.standard.types.filter(\.isCommandOnly).map(\.name))
    .subtracting(Catalogue.standard.types.filter { !$0.isCommandOnly }.map(\.name))

  /// The row of a type; nil for what only commands cause and for what is unknown.
  static func append(of type: String) -> AppendAccess? {
    if type.utf8.starts(with: "x.".utf8) { return appends.last }
    return appends.first { $0.type == type }
  }
}

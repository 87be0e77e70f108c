import Postgres

extension ProjectionDefinition {
  /// The fold's statements with the bounds of a batch bound: the events after `floor` up to and with `ceiling`.
  func fold(ledger: String, floor: Int64, ceiling: Int64) -> [Statement] {
    foldStatements.map { statement in
      Statement(
        statement.text,
        statement.parameters.map { name in
          switch name {
          case "ledger": .text(ledger)
          case "floor": .int64(floor)
          default: .int64(ceiling)
          }
        })
    }
  }
}
